"""Steps by a language model that is believed only where the narration says the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from jobs.errors import JobError, PermanentError
from trainings.paid import answers, prices
from trainings.paid.ledger import Usage
from trainings.providers import Progress, SopDraft, SpokenSegment, no_progress
from trainings.providers.openai_ import answer, arranging, calls, client, errors, grounds, prompts, schema
from trainings.providers.openai_.answer import Group, Item, Written
from trainings.providers.openai_.booking import Line, Question, Reply, Useless
from trainings.providers.openai_.parts import Part, divide

FEWEST_WORDS = 2
"""Fewer words than these are a cough or a stray "okay", not a narration; the local writer has the same rule."""

MOST_TOKENS = 16_000
"""Of an answer, with what a reasoning model thinks; a longer one is cut off and its part divided."""

AROUND = 2
"""Segments on each side of the named ones that a repair may use."""


SHOWN = 20
"""Most segments that are shown for the repair of the whole procedure's title."""

REPAIRED = 40
"""Most items that are put to the model at once: a recording of hours has hundreds, and an answer has an end."""


class OpenAIWriter:
    """Writes a procedure with the model that `OPENAI_SOP_MODEL` names; nothing in it that was not said."""

    def __init__(self) -> None:
        self.model: str = settings.OPENAI_SOP_MODEL
        self.name = f"openai {self.model}"

    def load(self) -> None:
        """Load nothing: the service has it all."""

    def write(
        self, segments: Sequence[SpokenSegment], *, language: str, duration: float, progress: Progress = no_progress
    ) -> SopDraft:
        """Write the procedure, in the language of the narration.

        Raises `PermanentError` `no_speech`, `no_steps_found` or `refused`, and what a service can fail with.
        """
        if sum(max(len(segment.text.split()), len(segment.words)) for segment in segments) < FEWEST_WORDS:
            raise PermanentError(
                "no_speech",
                "Nobody speaks in this recording, so there are no steps to write. "
                "Record it again with your microphone on.",
            )
        draft = _Writing(self.model, segments, language, duration, progress).draft()
        if not draft.chapters:
            raise PermanentError(
                "no_steps_found",
                "The narration never says what to do, so there are no steps to write. "
                "Record it again and say each action, for example “Click Save”.",
            )
        return draft


@dataclass
class _Writing:
    """One narration on its way to a draft."""

    model: str
    segments: Sequence[SpokenSegment]
    language: str
    duration: float
    progress: Progress
    left_out: int = 0
    steps: int = 0
    second: float = 0.0
    said: list[str] = field(init=False)
    line: Line = field(init=False)

    def __post_init__(self) -> None:
        self.said = [segment.text for segment in self.segments]
        self.line = Line(self.model, "sop", prices.price_of(self.model))
        self.client = client.client()

    def draft(self) -> SopDraft:
        """Ask, check, repair once, arrange."""
        parts = list(self._written(divide(self.segments)))
        groups = [group for part in parts for group in part.groups]
        steps = [step for group in groups for step in group.steps]
        points = [point for part in parts for point in part.key_points]
        titles = [Item(group.title, _named(group)) for group in groups]
        title = self._title(parts, titles)
        written = [*steps, *points, *(each for each in (*titles, title) if each.text)]
        self._repair([item for item in written if not self._holds(item)])
        kept = {id(item) for item in self._kept(written)}
        for group, named in zip(groups, titles, strict=True):
            group.title = named.text if id(named) in kept else ""  # the first step's title stands in
            group.steps = [step for step in group.steps if id(step) in kept]
            for step in group.steps:
                self._strip(step)
        return SopDraft(
            title=title.text if id(title) in kept else "",
            chapters=arranging.chapters(groups, self.segments, self.duration),
            key_points=arranging.key_points(
                [point for point in points if id(point) in kept], self.segments, self.duration
            ),
            left_out=self.left_out,
        )

    def _title(self, parts: Sequence[Written], chapters: Sequence[Item]) -> Item:
        """Return the first title that the narration carries as a whole, else the first there is, to be repaired."""
        whole = tuple(range(len(self.said)))
        titles = [Item(part.title, whole) for part in parts if part.title]
        held = next((title for title in titles if self._holds(title)), None)
        if held or not titles:
            return held or Item("", ())
        # The model is shown what the first chapter rests on, not hours of narration.
        return Item(titles[0].text, chapters[0].evidence[:SHOWN] if chapters else ())

    def _written(self, parts: list[Part]) -> Iterator[Written]:
        """Yield what is written about each part; one whose answer is cut off is read again in halves."""
        for part, found in zip(
            parts, calls.ask_all(map(self._question, parts), self.line, tick=self._tick), strict=True
        ):
            if found.get("cut_off"):
                if len(part.segments) == 1:
                    raise PermanentError(
                        "answer_cut_off", "The writer cannot finish its answer. Try another model for the steps."
                    )
                yield from self._written(part.halves())
                continue
            written = answer.written(found, range(part.first, part.first + len(part.segments)))
            self.steps += sum(len(group.steps) for group in written.groups)
            self.second = part.segments[-1].end
            self._tick()
            yield written

    def _repair(self, refused: list[Item]) -> None:
        """Let the model put once what is not carried; what it cannot stays as it is and is left out."""
        items = [
            {
                "id": number,
                "text": item.text,
                "segments": [{"n": index, "said": self.said[index]} for index in self._around(item.evidence)],
            }
            for number, item in enumerate(refused)
            if item.evidence
        ]
        questions = [
            self._ask_for("repair", prompts.REPAIR, prompts.refused(items[at : at + REPAIRED]), schema.REPAIRS)
            for at in range(0, len(items), REPAIRED)
        ]
        for found in calls.ask_all(questions, self.line, tick=self._tick):
            for repaired in [] if found.get("cut_off") else answer.objects(found, "items"):
                self._take_repair(repaired, refused)

    def _take_repair(self, repaired: dict[str, Any], refused: list[Item]) -> None:
        number = repaired.get("id")
        if type(number) is not int or not 0 <= number < len(refused):
            return
        item = refused[number]
        item.text = answer.clean(repaired.get("text"), answer.TITLE)
        item.evidence = answer.evidence(repaired.get("segments"), range(len(self.said)))

    def _around(self, evidence: Sequence[int]) -> list[int]:
        near = {index + step for index in evidence for step in range(-AROUND, AROUND + 1)}
        return sorted(near & set(range(len(self.said))))

    def _strip(self, step: Item) -> None:
        """Leave out of a step what its segments do not say."""
        if step.body and not self._carried(step.body, step.evidence):
            step.body = ""
            self.left_out += 1
        for name in ("cautions", "conditions"):
            notes: tuple[str, ...] = getattr(step, name)
            kept = tuple(note for note in notes if self._carried(note, step.evidence))
            self.left_out += len(notes) - len(kept)
            setattr(step, name, kept)

    def _kept(self, items: list[Item]) -> list[Item]:
        kept = [item for item in items if self._holds(item)]
        self.left_out += len(items) - len(kept)
        return kept

    def _holds(self, item: Item) -> bool:
        return self._carried(item.text, item.evidence)

    def _carried(self, text: str, evidence: Sequence[int]) -> bool:
        return bool(text) and grounds.carried(text, evidence, self.said, self.language)

    def _tick(self) -> None:
        self.progress(self.steps, self.second)

    def _question(self, part: Part) -> Question:
        told = prompts.narration(part.segments, part.first, self.language)
        return self._ask_for("procedure", prompts.WRITE, told, schema.PROCEDURE)

    def _ask_for(self, name: str, rules: str, told: str, form: dict[str, Any]) -> Question:
        messages = [{"role": "system", "content": rules}, {"role": "user", "content": told}]
        # A token is at least one byte.
        most_input = len(json.dumps([messages, form]).encode())
        at_most = self.line.price_of(Usage(input_tokens=most_input, output_tokens=MOST_TOKENS))
        key = answers.key("sop", self.model, messages, form)
        return Question(key, lambda: self._send(name, messages, form), at_most)

    def _send(self, name: str, messages: list[dict[str, str]], form: dict[str, Any]) -> Reply:
        request: Any = {
            "model": self.model,
            "messages": messages,
            "response_format": schema.response_format(name, form),
            "max_completion_tokens": MOST_TOKENS,
        }
        raw = self.client.chat.completions.with_raw_response.create(**request)
        body = client.body_of(raw)
        usage = _usage(body)
        try:
            return client.reply(raw, _content(body), usage)
        except JobError as error:
            raise Useless(error, client.reply(raw, None, usage)) from error


def _named(group: Group) -> tuple[int, ...]:
    """Return the segments a chapter rests on: those it names, else those of its steps."""
    return group.evidence or tuple(sorted({index for step in group.steps for index in step.evidence}))


def _usage(body: dict[str, Any]) -> Usage:
    usage = body.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    return Usage(
        input_tokens=int(client.number(usage.get("prompt_tokens"))),
        output_tokens=int(client.number(usage.get("completion_tokens"))),
    )


def _content(body: dict[str, Any]) -> dict[str, Any]:
    """Return the object the model wrote, or `cut_off`. Raises for a refusal and for anything that is not JSON."""
    try:
        choice = body["choices"][0]
        message, reason = choice["message"], choice.get("finish_reason")
        text, refusal = message.get("content"), message.get("refusal")
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise errors.strange(f"not a completion: {sorted(body)[:10]}") from error
    if refusal or reason == "content_filter":
        raise PermanentError(
            "refused",
            "The service refused to write steps for this narration. Write them with another writer (SOP_WRITER).",
            errors.redact(str(refusal or reason)),
        )
    if reason == "length":
        return {"cut_off": True}
    try:
        found = client.loads(text)
    except (TypeError, ValueError) as error:
        raise errors.strange(f"not JSON: {str(text)[:200]!r}") from error
    if not isinstance(found, dict):
        raise errors.strange("not an object")
    found.pop("cut_off", None)
    whole = range(10**9)
    # Its form is checked before it is stored: a stored answer is never asked for again.
    answer.objects(found, "items") if "items" in found else answer.written(found, whole)
    return found
