"""Steps said more than once: repeated, taken back, or gone over at the end."""

from __future__ import annotations

from trainings.providers.extractive.notes import Note
from trainings.providers.extractive.step import Step
from trainings.providers.extractive.support import content_words

TAKEN_BACK_WITHIN = 10.0
"""Seconds between a step, the words that take it back, and the one said in its place."""


def add(note: Note, steps: list[Step]) -> None:
    title = note.text[:1].upper() + note.text[1:]
    before = steps[-1] if steps else None
    if before and before.title.lower() == title.lower() and note.start - before.end < TAKEN_BACK_WITHIN:
        before.add(note, [])
        return
    steps.append(
        Step(
            title,
            note.start,
            note.end,
            set(note.evidence),
            note.sentence,
            note.sentence,
            list(note.body),
            list(note.cautions),
            list(note.conditions),
        )
    )


def replaces(note: Note, before: Step, taken_back: Note) -> bool:
    near = taken_back.start - before.end < TAKEN_BACK_WITHIN and note.start - taken_back.end < TAKEN_BACK_WITHIN
    return near and note.text.split(" ")[0].lower() == before.title.split(" ")[0].lower()


def was_said(note: Note, steps: list[Step]) -> bool:
    words = content_words(note.text)
    return any(words <= content_words(step.title) or content_words(step.title) <= words for step in steps)
