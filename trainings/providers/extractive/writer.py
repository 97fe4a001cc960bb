"""From segments to a draft: read, gather, divide, name, check."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jobs.errors import PermanentError
from trainings.providers import ChapterDraft, Progress, SopDraft, SpokenSegment, StepDraft, no_progress
from trainings.providers.extractive import (
    chapter_names,
    chapters,
    english,
    key_points,
    reading,
    sentences,
    steps,
    support,
)
from trainings.providers.extractive import title as headings
from trainings.providers.extractive.gathered import Reading
from trainings.providers.extractive.language import require_english
from trainings.providers.extractive.notes import Note
from trainings.providers.extractive.step import Step, body_of

FEWEST_WORDS = 2
"""Fewer words than these are a cough or a stray "okay", not a narration."""


class ExtractiveWriter:
    """Writes a procedure from English narration by rules; nothing in it that was not said."""

    name = "extractive"

    def load(self) -> None:
        """Load the parser: seconds."""
        english.load()

    def write(
        self, segments: Sequence[SpokenSegment], *, language: str, duration: float, progress: Progress = no_progress
    ) -> SopDraft:
        """Write the procedure.

        Raises `PermanentError`: `no_speech`, `language_not_supported`, or `no_steps_found` when nobody says
        what to do.
        """
        if sum(len(segment.text.split()) for segment in segments) < FEWEST_WORDS:
            raise PermanentError(
                "no_speech",
                "Nobody speaks in this recording, so there are no steps to write. "
                "Record it again with your microphone on.",
            )
        require_english(language)
        spoken = sentences.read(segments, duration)
        found = steps.gather(reading.read(spoken), progress)

        def check() -> None:
            progress(len(found.steps), found.sentences[-1].end if found.sentences else 0.0)

        draft = support.keep_supported(_draft(found, check), segments, check)
        if not draft.chapters:
            raise PermanentError(
                "no_steps_found",
                "The narration never says what to do, so there are no steps to write. "
                "Record it again and say each action, for example “Click Save”.",
            )
        return draft


def _draft(found: Reading, check: Callable[[], None]) -> SopDraft:
    """Write down what was read; `check`, called now and then, may raise to interrupt."""
    check()
    divided = chapters.divide(found, check)
    written: list[ChapterDraft] = []
    suggested = _title(found.titles) or _title(found.hints)
    for chapter, name in zip(divided, chapter_names.name(divided, suggested, check), strict=True):
        start = max(chapter.start, written[-1].end if written else 0.0)
        end = max(chapter.steps[-1].end, start)
        evidence = name.evidence.union(*(step.evidence for step in chapter.steps))
        drafts = tuple(_step(step) for step in chapter.steps)
        written.append(ChapterDraft(name.text, start, end, tuple(sorted(evidence)), drafts))
    return SopDraft(suggested.text if suggested else "", tuple(written), key_points.choose(found))


def _title(notes: list[Note]) -> Note | None:
    """Return the note with the best title: one that says what to do before one that names a thing."""
    named = [note for note in notes if note.text]
    return next((note for note in named if headings.is_order(note.text)), named[0] if named else None)


def _step(step: Step) -> StepDraft:
    return StepDraft(
        title=step.title,
        start=step.start,
        end=step.end,
        evidence=tuple(sorted(step.evidence)),
        body=body_of(step),
        cautions=tuple(step.cautions),
        conditions=tuple(step.conditions),
    )
