"""Asking a service: several questions at once, each answer booked and stored the moment it is here.

Threads only talk to the service. All that touches the database happens in the caller's thread.
"""

from __future__ import annotations

import datetime
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from jobs.errors import JobError, TemporaryError, WaitUntil
from trainings.models import ProviderCall
from trainings.paid import account, answers, breaker, ledger
from trainings.paid.ledger import Usage
from trainings.paid.prices import Price
from trainings.providers.openai_ import errors

TICK = 0.5
"""Seconds between two looks at whether the work must end."""
GRACE = 5.0
"""Seconds after the timeout; then we do not wait for the client's own."""
PAUSE = datetime.timedelta(seconds=3)
"""After a stumble in the middle."""


@dataclass(frozen=True)
class Reply:
    """A useful answer: JSON, never None."""

    answer: Any
    usage: Usage = field(default_factory=Usage)
    request_id: str = ""


class Useless(Exception):
    """The service answered, and is paid, but the answer is of no use: `error` says why."""

    def __init__(self, error: JobError, usage: Usage, request_id: str = "") -> None:
        super().__init__(error.code)
        self.error = error
        self.reply = Reply(None, usage, request_id)


@dataclass(frozen=True)
class Question:
    """One call: `key` names its stored answer, `send` makes it, `at_most` is the most it can cost."""

    key: str
    send: Callable[[], Reply]
    at_most: Decimal = Decimal(0)


@dataclass(frozen=True)
class Line:
    """Whom to ask, and what for."""

    model: str
    kind: str
    price: Price
    provider: str = "openai"

    @property
    def service(self) -> str:
        """The circuit that breaks: limits and outages are per model."""
        return f"{self.provider} {self.model}"


def ask_all(questions: Iterable[Question], line: Line, *, tick: Callable[[], None] = lambda: None) -> Iterator[Any]:
    """Yield the answers in the order of the questions, at most `OPENAI_PARALLEL` of them under way.

    `tick` is called twice a second and before each call; what it raises ends the asking at once. After an error
    nothing new is asked, and what is under way is waited for: it is paid and will be needed. A stumble of the service
    uses up no attempt when something was answered before it: many calls stumble sooner or later.
    """
    asking, payer = _Asking(line), account.current()
    upcoming = iter(questions)
    try:
        more = True
        while True:
            while more and asking.has_room():
                question = next(upcoming, None)
                if question is None:
                    more = False
                else:
                    tick()
                    asking.ask(question)
            yield from asking.take_ready()
            if not asking.open:
                if more:
                    continue
                return
            asking.wait(tick)
    except JobError as error:
        asking.finish(tick)
        if isinstance(error, TemporaryError) and payer.job_id and payer.answered:
            raise WaitUntil(timezone.now() + PAUSE, error.code, error.message, error.detail) from error
        raise
    finally:
        asking.abandon()


def ask(question: Question, line: Line, *, tick: Callable[[], None] = lambda: None) -> Any:
    """Return the answer to one question."""
    return next(ask_all([question], line, tick=tick))


@dataclass
class _Open:
    question: Question
    call: ProviderCall
    began: float


class _Asking:
    """What is under way, and what is back and waits for its turn."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.open: dict[int, _Open] = {}
        self._back: queue.SimpleQueue[tuple[int, Reply | Exception]] = queue.SimpleQueue()
        self._ready: dict[int, Any] = {}
        self._asked = 0
        self._given = 0

    def has_room(self) -> bool:
        """Whether one more may be asked; a slow answer does not let the others run far ahead of it."""
        ahead = self._asked - self._given
        return len(self.open) < settings.OPENAI_PARALLEL and ahead < 4 * settings.OPENAI_PARALLEL

    def ask(self, question: Question) -> None:
        """Take the stored answer, or send the question."""
        number = self._asked
        stored = answers.recall(question.key)
        if stored is not None:
            self._asked += 1
            self._ready[number] = stored
            return
        breaker.check(self.line.service)
        call = ledger.reserve(
            provider=self.line.provider, model=self.line.model, kind=self.line.kind, at_most=question.at_most
        )
        self._asked += 1
        self.open[number] = _Open(question, call, time.monotonic())
        # A daemon: a service that hangs must not keep the process from ending.
        threading.Thread(target=self._send, args=(number, question), daemon=True).start()

    def take_ready(self) -> Iterator[Any]:
        """Yield what is next in order."""
        while self._given in self._ready:
            answer = self._ready.pop(self._given)
            self._given += 1
            yield answer

    def wait(self, tick: Callable[[], None]) -> None:
        """Wait for the next answer, or for a tick."""
        try:
            number, outcome = self._back.get(timeout=TICK)
        except queue.Empty:
            tick()
            self._give_up_late_ones()
        else:
            if number in self.open:  # else it was given up
                self._ready[number] = self._book(self.open.pop(number), outcome)

    def finish(self, tick: Callable[[], None]) -> None:
        """Wait for what is under way; further errors say nothing new."""
        while self.open:
            try:
                self.wait(tick)
            except JobError:
                continue

    def abandon(self) -> None:
        """Keep what is back, and leave the rest: it may be billed."""
        while self.open:
            try:
                number, outcome = self._back.get_nowait()
            except queue.Empty:
                break
            if number in self.open:
                try:
                    self._book(self.open.pop(number), outcome)
                except JobError:
                    continue
        for left in self.open.values():
            ledger.give_back(left.call, "abandoned", billed=True)
        self.open.clear()

    def _send(self, number: int, question: Question) -> None:
        try:
            outcome: Reply | Exception = question.send()
        except Exception as error:  # noqa: BLE001  the other thread looks at it
            outcome = error
        self._back.put((number, outcome))

    def _give_up_late_ones(self) -> None:
        """A service that sends a byte now and then never times out by itself."""
        for number, under_way in list(self.open.items()):
            if time.monotonic() - under_way.began > settings.OPENAI_TIMEOUT + GRACE:
                self._book(self.open.pop(number), errors.silent("no whole answer in time"))

    def _book(self, under_way: _Open, outcome: Reply | Exception) -> Any:
        """Store and pay an answer, or raise what went wrong."""
        call, took = under_way.call, time.monotonic() - under_way.began
        if isinstance(outcome, Reply | Useless):
            reply = outcome if isinstance(outcome, Reply) else outcome.reply
            answer = None
            if isinstance(outcome, Reply):
                answer = answers.keep(under_way.question.key, outcome.answer)
                account.current().answered.append(under_way.question.key)
            else:
                call.error = outcome.error.code[:40]
            usage = reply.usage
            price = self.line.price.of(
                seconds=usage.seconds, input_tokens=usage.input_tokens, output_tokens=usage.output_tokens
            )
            ledger.settle(call, usage, price, took=took, request_id=reply.request_id)
            breaker.answered(self.line.service)
            if isinstance(outcome, Useless):
                raise outcome.error
            return answer
        trouble = errors.translate(outcome, self.line.model)
        call.took = took
        ledger.give_back(call, trouble.error.code, billed=trouble.may_be_billed)
        if trouble.wait_until:
            raise breaker.hold(self.line.service, trouble.wait_until, trouble.error.code) from outcome
        if isinstance(trouble.error, TemporaryError):
            breaker.failed(self.line.service, trouble.error.code)
        raise trouble.error from None  # the original may carry the request with its key
