"""Where one part ends and the next begins."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from trainings.providers.extractive import gaps
from trainings.providers.extractive.gaps import Gap
from trainings.providers.extractive.gathered import Reading
from trainings.providers.extractive.heard import Heard
from trainings.providers.extractive.notes import Note
from trainings.providers.extractive.step import Step

FEWEST = 6
"""Steps below which a procedure is one chapter, unless its speaker parts it."""
FEW = 2
"""A chapter that was not announced has at least this many steps."""
COST = 1.1
"""What a cut must bring, in strength of its gap and balance of its chapters."""
PARTED = 0.5
"""What a cut must bring beyond that where the speaker announces parts: then most parts are announced."""
UNEVEN = 0.3
"""Cost of a chapter twice as long as the ideal one, growing with the square."""


@dataclass
class Chapter:
    """A chapter in the making: its steps, the sentences from its beginning to the first one, and what announced it."""

    steps: list[Step]
    opening: Sequence[Heard] = ()
    announcement: Note | None = None

    @property
    def start(self) -> float:
        """The second at which it begins."""
        return min([self.steps[0].start, *(heard.start for heard in self.opening)])


def divide(reading: Reading, check: Callable[[], None]) -> list[Chapter]:
    """Return the chapters of a reading, each with at least one step, in order; `check` may raise."""
    steps = reading.steps
    if not steps:
        return []
    between = gaps.between(reading)
    starts = [0, *_cuts(between, len(steps), check)]
    chapters: list[Chapter] = []
    for start, end in zip(starts, [*starts[1:], len(steps)], strict=True):
        if start:
            gap = between[start - 1]
            opening = reading.sentences[gap.lead.number : steps[start].first + 1]
            chapters.append(Chapter(steps[start:end], opening, gap.announcement))
        else:
            chapters.append(Chapter(steps[:end]))
    return chapters


def ideal(steps: int) -> float:
    """Return how many steps a chapter best has: two to four chapters for 8 to 15 steps, more in each for more."""
    return min(8.0, max(3.5, 1.2 * math.sqrt(steps)))


def _cuts(between: Sequence[Gap], steps: int, check: Callable[[], None]) -> list[int]:
    """Return the numbers of the steps that begin a chapter, first one left out: the cheapest choice of all."""
    wanted = ideal(steps)
    price = COST + PARTED * any(gap.announcement for gap in between)
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, steps + 1):
        check()
        best.append(min(_choices(between, best, end, wanted, price if steps >= FEWEST else math.inf)))
    cuts: list[int] = []
    place = best[steps][1]
    while place:
        cuts.append(place)
        place = best[place][1]
    return cuts[::-1]


def _choices(
    between: Sequence[Gap], best: Sequence[tuple[float, int]], end: int, wanted: float, price: float
) -> list[tuple[float, int]]:
    """Return what each chapter that ends before step `end` costs with all before it, and where it starts."""
    choices: list[tuple[float, int]] = []
    for start in range(end - 1, -1, -1):
        choices.append((best[start][0] + _cost(between, start, end, wanted, price), start))
        if start and between[start - 1].announcement:
            break
    return choices


def _cost(between: Sequence[Gap], start: int, end: int, wanted: float, price: float) -> float:
    length = end - start
    begins = start == 0 or between[start - 1].announcement is not None
    ends = end > len(between) or between[end - 1].announcement is not None
    if length < FEW and not (begins and ends):
        return math.inf
    uneven = UNEVEN * ((length - wanted) / wanted) ** 2
    return uneven if begins else uneven + price - between[start - 1].strength
