"""Puts notes together to steps, remembering what was planned, taken back or said before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from trainings.providers.extractive import again, attaching
from trainings.providers.extractive.gathered import Reading
from trainings.providers.extractive.heard import Heard
from trainings.providers.extractive.notes import Note
from trainings.providers.extractive.title import headline


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
        if self.repeating and again.was_said(note, steps):
            return
        if note.plans and self._names_the_topic(note):
            return
        if note.opens and self.plan and len(steps) == 1:
            steps.clear()
            self.reading.titles.append(replace(self.plan, text=headline(self.plan.text)))
        if self.taken_back and steps and again.replaces(note, steps[-1], self.taken_back):
            steps.pop()
        self.taken_back = None
        self.plan = note if note.plans and not steps else None
        again.add(note, steps)

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
