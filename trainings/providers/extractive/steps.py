"""Puts notes together to steps: warnings, conditions and results go to the step they belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

from trainings.providers.extractive.notes import Note, sentence_case
from trainings.providers.extractive.support import content_words
from trainings.providers.extractive.title import headline

RESULT_WITHIN = 12.0
"""Seconds after a step within which a description is taken for its result."""
TAKEN_BACK_WITHIN = 10.0
"""Seconds between a step, the words that take it back, and the one said in its place."""
OTHER_PART = 3.0
"""Seconds of silence that part a remark from what was before it."""


@dataclass
class Step:
    """A step in the making. Times in seconds, evidence as segment indexes."""

    title: str
    start: float
    end: float
    evidence: set[int]
    first: int
    last: int
    """Numbers of the first and last sentence."""
    body: list[str] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)

    def add(self, note: Note, texts: list[str]) -> None:
        """Attach a note's text, once, and rest on its segments too."""
        if note.text and note.text not in texts:
            texts.append(note.text)
        self.evidence.update(note.evidence)
        if note.start >= self.start:
            self.end, self.last = max(self.end, note.end), max(self.last, note.sentence)


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
    silences: dict[int, float] = field(default_factory=dict)
    """Seconds of silence before a sentence, by its number, where there are some."""


def gather(groups: Iterable[list[Note]], progress: Callable[[int, float], None]) -> Reading:
    """Return what the notes make together. `progress` gets the number of steps and the second reached; it may raise."""
    gatherer = _Gatherer()
    for notes in groups:
        for note in notes:
            gatherer.take(note)
        if notes:
            progress(len(gatherer.reading.steps), notes[-1].end)
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
        _attach(self.loose, self.reading)
        _part(self.reading.steps)
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
        _describe(note, self.reading.steps)

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


def _describe(note: Note, steps: list[Step]) -> None:
    if steps and note.start - steps[-1].end <= RESULT_WITHIN:
        steps[-1].add(note, steps[-1].body)


def _attach(loose: list[Note], reading: Reading) -> None:
    """Give each warning and condition to the step before it, or to the next one when that is what it talks about."""
    steps = reading.steps
    place = 0
    for note in loose:
        while place < len(steps) and steps[place].start <= note.start:
            place += 1
        before = steps[place - 1] if place else None
        after = steps[place] if place < len(steps) else None
        step = after if before is None or (after and _belongs_to_next(note, before, after, reading.topics)) else before
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


def _part(steps: list[Step]) -> None:
    """End each step before the next one starts."""
    for step, following in pairwise(steps):
        step.end = min(max(step.end, step.start), following.start)


def body_of(step: Step) -> str:
    """Return the results and reasons of a step as one text."""
    return " ".join(filter(None, map(sentence_case, step.body)))
