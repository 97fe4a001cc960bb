"""The transcript as a person reads it: one line a segment, words the model was unsure of marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trainings.handlers.transcription import UNSURE
from trainings.models import Segment


@dataclass(frozen=True)
class Piece:
    """A stretch of a line: sure or not."""

    text: str
    unsure: bool


@dataclass(frozen=True)
class Line:
    """A segment: seconds from the recording's start, and its text in pieces."""

    position: int
    start: float
    end: float
    pieces: tuple[Piece, ...]


def lines(segments: Iterable[Segment]) -> list[Line]:
    """Return the segments as lines."""
    return [Line(segment.position, segment.start, segment.end, _pieces(segment)) for segment in segments]


def count_words(segments: Iterable[Segment]) -> int:
    """Return how many words were heard so far."""
    return sum(len(segment.words) or len(segment.text.split()) for segment in segments)


def _pieces(segment: Segment) -> tuple[Piece, ...]:
    """Cut the text where it becomes sure or unsure; whole when its words cannot be found in it."""
    pieces: list[Piece] = []
    at = 0
    for word in segment.words:
        spoken = str(word["text"]).strip()
        found = segment.text.find(spoken, at)
        if found < 0:
            return (Piece(segment.text, False),)
        end = found + len(spoken)
        unsure = word["probability"] < UNSURE
        _add(pieces, segment.text[at:found], False)
        _add(pieces, segment.text[found:end], unsure)
        at = end
    _add(pieces, segment.text[at:], False)
    return tuple(pieces)


def _add(pieces: list[Piece], text: str, unsure: bool) -> None:
    if not text:
        return
    if pieces and pieces[-1].unsure == unsure:
        pieces[-1] = Piece(pieces[-1].text + text, unsure)
    else:
        pieces.append(Piece(text, unsure))
