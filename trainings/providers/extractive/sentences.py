"""Sentences with word times, from segments that may be cut anywhere."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trainings.providers import SpokenSegment
from trainings.providers.extractive import lexicon

LONGEST_WORD = 60
"""Characters; what is longer was never spoken."""
LONGEST_SENTENCE = 60
"""Words; longer ones are cut at the next comma, so that one bad transcript cannot stall the parser."""
SENTENCE_PAUSE = 1.5
"""Seconds of silence that end a sentence where the transcriber set no full stop."""

# "Should the truck be late? Print them again": a transcriber hears a question, the speaker sets a condition.
INVERTED = re.compile(r"(?:(?:and|but|so|now) )?should (?:the|an?|this|that|it|they|any|your|our) ", re.IGNORECASE)
ENDS = re.compile(r"[.?!…][\"'\u201d\u2019)]*$")
ABBREVIATION = re.compile(
    r"^(?:(?:mr|mrs|ms|dr|st|vs|etc|approx|inc|ltd|e\.g|i\.e|a\.m|p\.m)\.|[A-Z]\.)$", re.IGNORECASE
)


@dataclass(frozen=True)
class Said:
    """A word as said: seconds, and the index of the segment it came in."""

    text: str
    start: float
    end: float
    segment: int


@dataclass(frozen=True)
class Sentence:
    """Words up to a full stop or a long pause; never empty."""

    words: tuple[Said, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def start(self) -> float:
        return self.words[0].start

    @property
    def end(self) -> float:
        return self.words[-1].end

    @property
    def evidence(self) -> tuple[int, ...]:
        return tuple(sorted({word.segment for word in self.words}))


def read(segments: Sequence[SpokenSegment], duration: float) -> Iterator[Sentence]:
    """Yield the sentences of a recording of `duration` seconds, in order, with times inside it."""
    pending: list[Said] = []
    for word in _ordered(segments, duration):
        if pending and _is_over(pending, word):
            yield Sentence(tuple(pending))
            pending = []
        pending.append(word)
    if pending:
        yield Sentence(tuple(pending))


def _is_over(words: list[Said], following: Said) -> bool:
    last = words[-1].text
    if last.endswith("?") and _is_condition(words, following):
        return False
    if ENDS.search(last) and not ABBREVIATION.match(last):
        return not (last.endswith(("…", "...")) and following.text[0].islower())
    if following.start - words[-1].end >= SENTENCE_PAUSE:
        return True
    return len(words) >= LONGEST_SENTENCE and (last.endswith(",") or len(words) >= LONGEST_SENTENCE * 2)


def _is_condition(words: list[Said], following: Said) -> bool:
    """Whether what sounds like a question says when to do what is ordered right after it."""
    orders = following.text.lower().strip(",.") in lexicon.ACTIONS | {"please", "then"}
    heard = INVERTED.match(" ".join(word.text for word in words[:3]) + " ")
    return orders and bool(heard) and following.start - words[-1].end < SENTENCE_PAUSE


def _ordered(segments: Sequence[SpokenSegment], duration: float) -> Iterator[Said]:
    """Words with times that never run backwards nor leave the recording, whatever the transcriber said."""
    clock = 0.0
    for index, segment in enumerate(segments):
        for text, start, end in _words(segment):
            start = min(max(_finite(start, clock), clock), duration)
            end = min(max(_finite(end, start), start), duration)
            clock = start
            yield Said(text, start, end, index)


def _words(segment: SpokenSegment) -> Iterator[tuple[str, float, float]]:
    if segment.words:
        for word in segment.words:
            for text in _clean(word.text):
                yield text, word.start, word.end
        return
    texts = _clean(segment.text)
    share = (_finite(segment.end, 0.0) - _finite(segment.start, 0.0)) / max(len(texts), 1)
    for place, text in enumerate(texts):
        yield text, segment.start + place * share, segment.start + (place + 1) * share


def _clean(text: str) -> list[str]:
    printable = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    return [word[:LONGEST_WORD] for word in printable.replace("\u2019", "'").split()]


def _finite(seconds: float, otherwise: float) -> float:
    return seconds if math.isfinite(seconds) else otherwise
