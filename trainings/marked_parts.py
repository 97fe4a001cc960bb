"""Parts that the speaker marked while recording: each mark begins a chapter, whichever writer wrote the draft."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from trainings.providers import ChapterDraft, SopDraft, StepDraft

LATE_SECONDS = 1.0
"""A key is pressed up to this long after the first word of the part it is meant for."""


def split(draft: SopDraft, marks: Sequence[float]) -> SopDraft:
    """Return the draft with a chapter from the first step after each mark (seconds) on."""
    steps = [step for chapter in draft.chapters for step in chapter.steps]
    begins = {start: mark for mark in sorted(marks) if (start := _first_after(mark, steps)) is not None}
    return replace(draft, chapters=tuple(part for chapter in draft.chapters for part in _parts(chapter, begins)))


def _first_after(mark: float, steps: Sequence[StepDraft]) -> float | None:
    return next((step.start for step in steps if step.start >= mark - LATE_SECONDS), None)


def _parts(chapter: ChapterDraft, begins: dict[float, float]) -> Iterator[ChapterDraft]:
    """Yield the chapter cut before each of its steps that begins a part; the first piece keeps its title."""
    cuts = [place for place, step in enumerate(chapter.steps) if place and step.start in begins]
    for start, end in zip([0, *cuts], [*cuts, len(chapter.steps)], strict=True):
        steps = chapter.steps[start:end]
        last = steps[-1].end if end < len(chapter.steps) else chapter.end
        if start == 0:
            yield replace(chapter, steps=steps, end=last)
            continue
        begin = min(steps[0].start, max(begins[steps[0].start], chapter.steps[start - 1].end))
        evidence = sorted({index for step in steps for index in step.evidence})
        yield ChapterDraft(steps[0].title, begin, last, tuple(evidence), steps)
