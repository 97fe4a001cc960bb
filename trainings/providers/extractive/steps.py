"""Puts notes together to steps, remembering what was planned, taken back or said before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from trainings.providers.extractive import attaching
from trainings.providers.extractive.heard import Heard
from trainings.providers.extractive.notes import Note
from trainings.providers.extractive.step import Step
from trainings.providers.extractive.support import content_words
from trainings.providers.extractive.title import headline

TAKEN_BACK_WITHIN = 10.0
"""Seconds between a step, the words that take it back, and the one said in its place."""


@dataclass
class Reading:
    """All that was read: steps in order, and the notes that are not steps."""

    steps: list[Step] = field(default_factory=list)
    topics: list[Note] = field(default_factory=list)
    titles: list[Note] = field(default_factory=list)
    hints: list[Note] = field(default_factory=list)
    """Titles that nobody announced as such."""
    rules: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    sentences: list[Heard] = field(default_factory=list)
    """Every sentence, at the place of its number."""


def gather(sentences: Iterable[Heard], progress: Callable[[int, float], None]) -> Reading:
    """Return what the notes make together. `progress` gets the number of steps and the second reached; it may raise."""
    gatherer = _Gatherer()
    for heard in sentences:
        gatherer.reading.sentences.append(heard)
        for note in heard.notes:
            gatherer.take(note)
        progress(len(gatherer.reading.steps), heard.end)
    return gatherer.finish()


class _Gatherer:
    """Takes note after note, remembering what the last ones mean for the next."""

    def __init__(self) -> None:
        self.reading = Reading()
        self.loose: list[Note] = []
        self.taken_back: Note | None = None
        self.plan: Note | None = None
        self.last: Note | None = None
        self.repeating = False

    def take(self, note: Note) -> None:
        getattr(self, f"_{note.kind}")(note)
        self.last = note

    def finish(self) -> Reading:
        attaching.attach(self.loose, self.reading.steps, self.reading.topics)
        attaching.part(self.reading.steps)
        return self.reading

    def _step(self, note: Note) -> None:
        steps = self.reading.steps
        if self.repeating and _was_said(note, steps):
            return
        if note.plans and self._names_the_topic(note):
            return
        if note.opens and self.plan and len(steps) == 1:
            steps.clear()
            self.reading.titles.append(replace(self.plan, text=headline(self.plan.text)))
        if self.taken_back and steps and _replaces(note, steps[-1], self.taken_back):
            steps.pop()
        self.taken_back = None
        self.plan = note if note.plans and not steps else None
        _add(note, steps)

    def _names_the_topic(self, note: Note) -> bool:
        """ "That was the setup. Now let's install the software.": the plan names the part that begins."""
        last = self.last
        if last is None or last.kind != "topic" or last.text or note.sentence - last.sentence > 1:
            return False
        last.text, last.end, last.evidence = (
            headline(note.text),
            note.end,
            tuple(sorted({*last.evidence, *note.evidence})),
        )
        return True

    def _result(self, note: Note) -> None:
        attaching.describe(note, self.reading.steps)

    def _caution(self, note: Note) -> None:
        self.loose.append(note)
        self.reading.warnings.append(note)

    _condition = _caution

    def _rule(self, note: Note) -> None:
        self.reading.rules.append(note)

    def _topic(self, note: Note) -> None:
        self.repeating = False
        (self.reading.topics if self.reading.steps else self.reading.titles).append(note)

    def _title(self, note: Note) -> None:
        """ "Now I'll show you how to close the ticket" in the middle announces a part."""
        if self.reading.steps and note.text and not note.closes:
            self.reading.topics.append(note)
        else:
            self.reading.titles.append(note)

    def _hint(self, note: Note) -> None:
        if not self.reading.steps:
            self.reading.hints.append(note)

    def _retraction(self, note: Note) -> None:
        self.taken_back = note

    def _recap(self, note: Note) -> None:
        self.repeating = True

    def _talk(self, note: Note) -> None:
        """Said, and not written."""


def _add(note: Note, steps: list[Step]) -> None:
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


def _replaces(note: Note, before: Step, taken_back: Note) -> bool:
    near = taken_back.start - before.end < TAKEN_BACK_WITHIN and note.start - taken_back.end < TAKEN_BACK_WITHIN
    return near and note.text.split(" ")[0].lower() == before.title.split(" ")[0].lower()


def _was_said(note: Note, steps: list[Step]) -> bool:
    words = content_words(note.text)
    return any(words <= content_words(step.title) or content_words(step.title) <= words for step in steps)
