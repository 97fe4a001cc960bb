"""Group words into sentences, because steps, captions and evidence rest on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from trainings.providers import SpokenSegment, Word

LONG_PAUSE = 2.0
"""Seconds of silence that end a segment in the middle of a sentence."""

LONGEST = 14.0
"""Seconds; a longer sentence is cut at its best place. Captions of a sentence this long still read in two screens."""

# The marks of other scripts are meant, not mistaken for ours.
ENDS = re.compile(r"[.!?…。！？]+[\"'”’»)\]]*$")  # noqa: RUF001
CLAUSE_ENDS = re.compile(r"[,;:、，–—][\"'”’»)\]]*$")  # noqa: RUF001
ABBREVIATIONS = {"mr.", "mrs.", "ms.", "dr.", "prof.", "st.", "vs.", "e.g.", "i.e.", "approx.", "z.b.", "bzw."}
UNSPACED = {"zh", "yue", "ja", "th", "lo", "my"}
"""Languages written without spaces between words, for which Whisper gives characters or syllables."""


def sentences(words: Iterable[Word], *, language: str = "") -> Iterator[SpokenSegment]:
    """Yield the sentences that `words` make, each as soon as the word after it is known.

    The text of a word starts with a space where a space stands before it, as Whisper gives it; the words of the
    yielded segments are stripped.
    """
    said: list[Word] = []
    for word in words if language in UNSPACED else _glued(words):
        if said and _closes(said[-1], word):
            yield _segment(said)
            said = []
        said.append(word)
        while word.end - said[0].start > LONGEST and len(said) > 1:
            cut = _best_cut(said)
            yield _segment(said[:cut])
            said = said[cut:]
    if said:
        yield _segment(said)


def _glued(words: Iterable[Word]) -> Iterator[Word]:
    """Join what stands without a space or a long pause between: "15" and "%", "check" and "-in"."""
    held: Word | None = None
    for word in words:
        if held and not word.text.startswith(" ") and word.start - held.end < LONG_PAUSE:
            likely = min(held.probability, word.probability)
            held = replace(held, end=word.end, text=held.text + word.text, probability=likely)
        else:
            if held:
                yield held
            held = word
    if held:
        yield held


def _closes(word: Word, following: Word) -> bool:
    if following.start - word.end >= LONG_PAUSE:
        return True
    text = word.text.strip()
    if not ENDS.search(text) or text.lower() in ABBREVIATIONS:
        return False
    return not (text.endswith(".") and following.text.strip()[:1].islower())


def _best_cut(said: Sequence[Word]) -> int:
    """Return how many words the first part gets: the cut lies at a long pause or a comma, not far from the middle."""
    length = said[-1].end - said[0].start

    def score(cut: int) -> float:
        pause = said[cut].start - said[cut - 1].end
        clause = 0.6 if CLAUSE_ENDS.search(said[cut - 1].text) else 0.0
        off_middle = abs((said[cut - 1].end - said[0].start) / length - 0.6)
        return min(pause, 1.0) + clause - off_middle

    return max(range(1, len(said)), key=score)


def _segment(said: Sequence[Word]) -> SpokenSegment:
    words = tuple(replace(word, text=word.text.strip()) for word in said)
    return SpokenSegment(said[0].start, said[-1].end, "".join(word.text for word in said).strip(), words)
