"""What speaks for a new chapter between two steps."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from trainings.providers.extractive import cohesion, openers
from trainings.providers.extractive.gathered import Reading
from trainings.providers.extractive.heard import Heard
from trainings.providers.extractive.notes import Note
from trainings.providers.extractive.step import Step

PAUSE_WEIGHT = 0.3
"""For each spread beyond the usual pause."""
LONGEST_PAUSE = 4.5
"""Spreads; a longer pause says no more about the words."""
LEAST_SPREAD = 0.15
"""Part of the usual pause: synthetic voices pause so evenly that any difference would count."""
MAD = 1.48
"""Median deviations in a standard deviation."""
COHESION_WEIGHT = 1.0
SETTLED = {"rule", "condition", "caution", "result", "recap", "retraction"}
"""Kinds of sentences that belong to what was before them."""


@dataclass(frozen=True)
class Gap:
    """The place before a step. `lead` is the sentence with which a chapter would begin there."""

    lead: Heard
    strength: float
    """What speaks for a chapter, about 0 to 4; minus infinity inside a sentence."""
    announcement: Note | None = None


def between(reading: Reading) -> list[Gap]:
    """Return the gap before each step but the first."""
    announced = _announcements(reading)
    leads = [_lead(reading, place) for place in range(1, len(reading.steps))]
    depths = cohesion.depths([each.said for each in reading.sentences], [lead.number for lead in leads])
    pauses = [_pause(reading, place) for place in range(1, len(reading.steps))]
    usual, spread = _pace([each.silence for each in reading.sentences[1:]])
    return [
        Gap(lead, _strength(reading, place, lead, depth, _longer(pause, usual, spread)), announced.get(place))
        for place, (lead, depth, pause) in enumerate(zip(leads, depths, pauses, strict=True), start=1)
    ]


def _announcements(reading: Reading) -> dict[int, Note]:
    """Return by step what was announced before it; of several the last one with a name counts."""
    found: dict[int, Note] = {}
    place = 0
    for topic in reading.topics:
        while place < len(reading.steps) and reading.steps[place].start < topic.start:
            place += 1
        if topic.text or place not in found:
            found[place] = topic
    return found


def _lead(reading: Reading, place: int) -> Heard:
    """The sentence after the longest silence, of those that belong to no step before; one that opens a part wins."""
    step = reading.steps[place]
    free: list[Heard] = []
    for heard in reversed(_gap(reading, place)):
        if heard.number != step.first and heard.kinds & SETTLED:
            break
        free.append(heard)
    return (
        max(free, key=lambda heard: (_opens(heard, step) > 0, heard.silence)) if free else reading.sentences[step.first]
    )


def _opens(heard: Heard, step: Step) -> float:
    return 0.0 if heard.number == step.first else openers.weigh_talk(heard)


def _gap(reading: Reading, place: int) -> Sequence[Heard]:
    before, step = reading.steps[place - 1], reading.steps[place]
    return reading.sentences[min(before.last + 1, step.first) : step.first + 1]


def _pause(reading: Reading, place: int) -> float:
    before, step = reading.steps[place - 1], reading.steps[place]
    return max((each.silence for each in reading.sentences[before.first + 1 : step.first + 1]), default=0.0)


def _pace(silences: Sequence[float]) -> tuple[float, float]:
    """Return a speaker's usual pause and its spread, in seconds: by medians, which long silences do not move."""
    usual = statistics.median(silences or [0.0])
    deviation = statistics.median([abs(silence - usual) for silence in silences] or [0.0])
    return usual, max(MAD * deviation, LEAST_SPREAD * usual)


def _longer(pause: float, usual: float, spread: float) -> float:
    """Return by how many spreads a pause is longer than usual, within bounds."""
    return min(LONGEST_PAUSE, max(0.0, (pause - usual) / spread)) if spread else 0.0


def _strength(reading: Reading, place: int, lead: Heard, depth: float, longer: float) -> float:
    before, step = reading.steps[place - 1], reading.steps[place]
    if before.first == step.first:
        return -math.inf
    talk = max((openers.weigh_talk(each) for each in reading.sentences[lead.number : step.first]), default=0.0)
    opening = openers.weigh_step(reading.sentences[step.first], step.title)
    settled = 0.2 if before.last > before.first else 0.0
    return talk + opening + settled + PAUSE_WEIGHT * longer + COHESION_WEIGHT * depth
