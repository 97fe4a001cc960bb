"""How written chapters are compared with the ones a script is known to have.

Two ways of counting, because each hides what the other shows. Recall and precision of the starts of chapters, the first
one left out (it starts with the recording whoever writes it): a written start is right within 5 s of a true one.
WindowDiff punishes near misses less than far ones: the share of windows, half an average true chapter long, in which
the numbers of starts differ (Pevzner and Hearst, "A Critique and Improvement of an Evaluation Metric for Text
Segmentation", Computational Linguistics 28, 2002); 0 is perfect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.matching import words

NEAR = 5.0
"""Most seconds between a true start and one that counts as right."""


@dataclass(frozen=True)
class Part:
    """A chapter: the second it starts, and its name."""

    start: float
    name: str


@dataclass(frozen=True)
class Divided:
    """Figures of one recording; counts leave the first chapter out, but for `named`."""

    expected: int
    written: int
    matched: int
    window_diff: float
    named: int
    """True chapters that were found and whose written name shares a word with the true one."""
    named_of: int
    """True chapters that were found, the first one included."""

    @property
    def recall(self) -> float:
        return self.matched / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        return self.matched / self.written if self.written else 1.0


def compare(true: Sequence[Part], written: Sequence[Part], duration: float) -> Divided:
    """Compare the chapters of a recording of `duration` seconds; both in order of time, none empty."""
    pairs = _pairs(true[1:], written[1:])
    found = [(true[0], written[0]), *pairs]
    return Divided(
        expected=len(true) - 1,
        written=len(written) - 1,
        matched=len(pairs),
        window_diff=window_diff([part.start for part in true[1:]], [part.start for part in written[1:]], duration),
        named=sum(bool(words(right.name) & words(mine.name)) for right, mine in found),
        named_of=len(found),
    )


def window_diff(true: Sequence[float], written: Sequence[float], duration: float) -> float:
    """Return the share of windows in which two divisions of `duration` seconds have unlike numbers of starts."""
    length = max(1, round(duration / (len(true) + 1) / 2))
    windows = range(max(1, int(duration) - length + 1))
    return sum(_within(true, second, length) != _within(written, second, length) for second in windows) / len(windows)


def _within(starts: Sequence[float], second: int, length: int) -> int:
    return sum(second < start <= second + length for start in starts)


def _pairs(true: Sequence[Part], written: Sequence[Part]) -> list[tuple[Part, Part]]:
    """Pair each true start with the first free written one near it: in order of time no choice pairs more."""
    pairs, place = [], 0
    for part in true:
        while place < len(written) and written[place].start < part.start - NEAR:
            place += 1
        if place < len(written) and written[place].start <= part.start + NEAR:
            pairs.append((part, written[place]))
            place += 1
    return pairs
