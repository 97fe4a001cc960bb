"""Gives warnings, conditions and results to the steps they belong to."""

from __future__ import annotations

from itertools import pairwise

from trainings.providers.extractive.notes import Note
from trainings.providers.extractive.step import Step
from trainings.providers.extractive.support import content_words

RESULT_WITHIN = 12.0
"""Seconds after a step within which a description is taken for its result."""
OTHER_PART = 3.0
"""Seconds of silence that part a remark from what was before it."""


def describe(note: Note, steps: list[Step]) -> None:
    if steps and note.start - steps[-1].end <= RESULT_WITHIN:
        steps[-1].add(note, steps[-1].body)


def attach(loose: list[Note], steps: list[Step], topics: list[Note]) -> None:
    """Give each warning and condition to the step before it, or to the next one when that is what it talks about."""
    place = 0
    for note in loose:
        while place < len(steps) and steps[place].start <= note.start:
            place += 1
        before = steps[place - 1] if place else None
        after = steps[place] if place < len(steps) else None
        step = after if before is None or (after and _belongs_to_next(note, before, after, topics)) else before
        if step is not None:
            step.add(note, step.cautions if note.kind == "caution" else step.conditions)


def _belongs_to_next(note: Note, before: Step, after: Step, topics: list[Note]) -> bool:
    if any(before.start < topic.start <= note.start for topic in topics):
        return True
    if any(note.start < topic.start <= after.start for topic in topics):
        return False
    if note.start - before.end >= OTHER_PART > after.start - note.end:
        return True
    words = content_words(note.text)
    return len(words & content_words(after.title)) > len(words & content_words(" ".join([before.title, *before.body])))


def part(steps: list[Step]) -> None:
    """End each step before the next one starts."""
    for step, following in pairwise(steps):
        step.end = min(max(step.end, step.start), following.start)
