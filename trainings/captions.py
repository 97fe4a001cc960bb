"""Speech cut into captions a person can read: at most two lines of 42 characters, at most seven seconds.

The numbers are those of the common subtitle guides (Netflix Timed Text Style Guide, "General Requirements").
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from trainings.models import Segment

LINE_CHARACTERS = 42
LINES = 2
MAX_SECONDS = 7.0
PAUSE_SECONDS = 1.0
"""A silence as long as this ends a caption: the words on screen belong to what was said before."""
SENTENCE_CHARACTERS = 30
"""From this length on a caption ends with its sentence instead of beginning the next one."""
SHORTEST_SECONDS = 0.001
SENTENCE_ENDS = (".", "?", "!", "\u3002", "\uff1f", "\uff01")


@dataclass(frozen=True)
class Cue:
    """One caption: seconds from the recording's start, and its lines joined by line breaks."""

    start: float
    end: float
    text: str


@dataclass(frozen=True)
class _Piece:
    """A word, or a part of a very long one, with the space in front of it."""

    start: float
    end: float
    text: str


def cues(segments: Iterable[Segment]) -> Iterator[Cue]:
    """Yield the captions of a transcript in order; their times never overlap."""
    until = 0.0
    for segment in segments:
        for group in _groups(list(_pieces(segment))):
            start = max(group[0].start, until)
            until = max(group[-1].end, start + SHORTEST_SECONDS)
            yield Cue(start, until, "\n".join(_lines(_text(group))))


def _groups(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    group: list[_Piece] = []
    for piece in pieces:
        if group and _is_full(group, piece):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _is_full(group: list[_Piece], piece: _Piece) -> bool:
    text = _text(group)
    return (
        len(_wrapped(text + piece.text)) > LINES
        or piece.end - group[0].start > MAX_SECONDS
        or piece.start - group[-1].end >= PAUSE_SECONDS
        or (len(text) >= SENTENCE_CHARACTERS and text.endswith(SENTENCE_ENDS))
    )


def _text(group: list[_Piece]) -> str:
    return "".join(piece.text for piece in group).strip()


def _lines(text: str) -> list[str]:
    """Break into two lines of about the same length where one is not enough."""
    lines = _wrapped(text)
    if len(lines) == 1:
        return lines
    for width in range(len(text) // LINES, LINE_CHARACTERS):
        even = textwrap.wrap(text, width, break_long_words=False)
        if len(even) == LINES and max(map(len, even)) <= LINE_CHARACTERS:
            return even
    return lines


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, LINE_CHARACTERS, break_on_hyphens=False)


def _pieces(segment: Segment) -> Iterator[_Piece]:
    for word in _words(segment):
        text = word.text
        if len(text.strip()) <= LINE_CHARACTERS:
            yield word
            continue
        # An address, or a script that writes without spaces: cut by length, its time shared out.
        parts = [text[at : at + LINE_CHARACTERS] for at in range(0, len(text), LINE_CHARACTERS)]
        seconds = (word.end - word.start) / len(parts)
        for number, part in enumerate(parts):
            yield _Piece(word.start + number * seconds, word.start + (number + 1) * seconds, part)


def _words(segment: Segment) -> list[_Piece]:
    """The segment's words with the space in front of each; a text without word times shares its time out."""
    if not segment.words:
        return _shared_out(segment)
    texts = [str(word["text"]).replace("\n", " ") for word in segment.words]
    # Words that carry their own spaces are taken as they are: not every script puts a space between words.
    space = "" if "".join(texts).strip() == segment.text.strip() else " "
    return [
        _Piece(float(word["start"]), float(word["end"]), space + (text.strip() if space else text))
        for word, text in zip(segment.words, texts, strict=True)
        if text.strip()
    ]


def _shared_out(segment: Segment) -> list[_Piece]:
    words = segment.text.split()
    characters = sum(map(len, words)) or 1
    pieces, at = [], segment.start
    for word in words:
        end = at + (segment.end - segment.start) * len(word) / characters
        pieces.append(_Piece(at, end, " " + word))
        at = end
    return pieces
