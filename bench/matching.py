"""How written steps are compared with the steps a script is known to have.

A written step matches a true one when they share words (Dice coefficient of their stems, articles and prepositions
left out, at least 0.5 for one of the accepted wordings) and it starts within 10 s of it. Pairs are chosen in order,
so that a step in the wrong place is missed and superfluous at once; the best such choice counts.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from trainings.providers.extractive import lexicon
from trainings.providers.extractive.support import stem

ENOUGH = 0.5
"""Least Dice coefficient of a match."""
NEAR = 10.0
"""Most seconds between the starts of a match; truth gives the start of the spoken line."""
SMALL = lexicon.words(
    "a an the to of on in at into onto from for with and or your our my this that these those it them up as is"
)


@dataclass(frozen=True)
class Expected:
    """A true step: the wordings that are all right, and the second its line starts."""

    wordings: tuple[str, ...]
    start: float


@dataclass(frozen=True)
class Written:
    """A written step: its title and the second it starts."""

    title: str
    start: float


@dataclass(frozen=True)
class Score:
    """Figures of one recording; `errors` are seconds between the starts of matched pairs."""

    expected: int
    written: int
    matched: int
    tolerated: int
    """Written steps that carry a condition or caution of the script: no match, no mistake."""
    in_any_order: int
    errors: tuple[float, ...]
    missed: tuple[str, ...]
    superfluous: tuple[str, ...]

    @property
    def recall(self) -> float:
        return self.matched / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        return (self.matched + self.tolerated) / self.written if self.written else 0.0

    @property
    def order(self) -> float:
        return self.matched / self.in_any_order if self.in_any_order else 1.0

    @property
    def start_error(self) -> float:
        return statistics.median(self.errors) if self.errors else 0.0


def words(text: str) -> set[str]:
    """Return the stems of a text that count in a comparison."""
    return {stem(word) for word in re.findall(r"[\w'-]+", text.lower()) if word not in SMALL}


def likeness(one: str, other: str) -> float:
    """Return the Dice coefficient of two texts' stems, 0 to 1."""
    mine, theirs = words(one), words(other)
    return 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine and theirs else 0.0


def score(expected: Sequence[Expected], written: Sequence[Written], tolerated: Sequence[str] = ()) -> Score:
    """Compare written steps with the true ones; `tolerated` are the script's conditions and cautions."""
    table = [[_fits(truth, step) for step in written] for truth in expected]
    pairs = _in_order(table)
    taken = {column for _, column in pairs}
    spare = [place for place in range(len(written)) if place not in taken]
    kept = [place for place in spare if any(likeness(text, written[place].title) >= ENOUGH / 2 for text in tolerated)]
    matched_rows = {row for row, _ in pairs}
    return Score(
        expected=len(expected),
        written=len(written),
        matched=len(pairs),
        tolerated=len(kept),
        in_any_order=max(len(pairs), sum(1 for row in table if any(row))),
        errors=tuple(abs(written[column].start - expected[row].start) for row, column in pairs),
        missed=tuple(truth.wordings[0] for row, truth in enumerate(expected) if row not in matched_rows),
        superfluous=tuple(written[place].title for place in spare if place not in kept),
    )


def _fits(truth: Expected, step: Written) -> float:
    best = max(likeness(wording, step.title) for wording in truth.wordings)
    return best if best >= ENOUGH and abs(truth.start - step.start) <= NEAR else 0.0


def _in_order(table: list[list[float]]) -> list[tuple[int, int]]:
    """Return the pairs of the best choice in which neither rows nor columns cross."""
    rows, columns = len(table), len(table[0]) if table else 0
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            take = table[row][column] and 1 + table[row][column] / 1000 + best[row + 1][column + 1]
            best[row][column] = max(take, best[row + 1][column], best[row][column + 1])
    pairs, row, column = [], 0, 0
    while row < rows and column < columns:
        if table[row][column] and best[row][column] == 1 + table[row][column] / 1000 + best[row + 1][column + 1]:
            pairs.append((row, column))
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            row += 1
        else:
            column += 1
    return pairs
