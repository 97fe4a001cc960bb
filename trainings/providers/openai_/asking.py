"""Several questions under way at a service: whose turn it is, what is back, what is asked once more."""

from __future__ import annotations

import contextlib
import itertools
import queue
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from jobs.errors import Interrupted, JobError, TemporaryError, WaitUntil
from trainings.models import ProviderCall
from trainings.paid import answers, breaker, ledger
from trainings.providers.openai_ import errors
from trainings.providers.openai_.ahead import Ahead, Ended, Made
from trainings.providers.openai_.booking import Line, Question, Reply, book

TICK = 0.5
"""Seconds between two looks at whether the work must end."""
GRACE = 5.0
"""Seconds after the timeout; then we do not wait for the client's own."""
AGAIN = 2
"""How often a question is asked once more within the attempt when the service stumbles over it."""
AGAIN_PAID = 1
"""The same, when it took the call and may be paid for it: it answered nonsense, or nothing in time."""
AGAIN_AFTER = 2.0
"""Seconds before the first time, then twice as long; up to half of it less, so that a crowd spreads out."""
SHORT = 10.0
"""Seconds that are waited for within the attempt; a longer wait gives the worker back."""


@dataclass
class _Turn:
    """A question that is to be asked, not before `at` by the clock that only goes forward."""

    number: int
    question: Question
    tries: int = 0
    at: float = 0.0


@dataclass(frozen=True)
class _Open:
    turn: _Turn
    call: ProviderCall
    began: float


@dataclass(frozen=True)
class _Back:
    call: int
    """Its line of the ledger: a question that was given up and asked again has two."""
    outcome: Reply | Exception


class Asking:
    """Threads make the questions and talk to the service; whoever calls this books, and has the database.

    All that threads have to say comes through one queue, so that nothing that is back waits for anything else.
    """

    def __init__(self, questions: Iterable[Question], line: Line) -> None:
        self.line = line
        self._news: queue.SimpleQueue[Made[Question] | Ended | _Back] = queue.SimpleQueue()
        self._next: _Turn | None = None
        self._again: list[_Turn] = []
        self._open: dict[int, _Open] = {}
        self._ready: dict[int, Any] = {}
        self._made = 0
        self._given = 0
        self._has_more = True
        self._is_over = False
        self._quiet_until = 0.0
        self._upcoming = Ahead(questions, self._news.put)

    @property
    def is_done(self) -> bool:
        """Whether every question has its answer, and every answer was taken."""
        return not (self._has_more or self._next or self._again or self._open or self._ready)

    def book(self) -> None:
        """Book all that is back. Raises the first error, when the rest is booked."""
        self._hear(self._arrived())

    def ask(self, tick: Callable[[], None]) -> None:
        """Ask what may be asked now; `tick` is called before each call."""
        while time.monotonic() >= self._quiet_until and (turn := self._due()):
            if len(self._open) >= settings.OPENAI_PARALLEL:
                return
            if self._recalled(turn):
                continue
            tick()
            try:
                breaker.check(self.line.service)
                call = self._reserve(turn.question)
            except WaitUntil as wait:
                self._be_quiet(wait)
                return
            self._take(turn)
            self._open[call.pk] = _Open(turn, call, time.monotonic())
            # A daemon: a service that hangs must not keep the process from ending.
            threading.Thread(target=self._send, args=(turn.question, call.pk), daemon=True).start()

    @property
    def has_answer(self) -> bool:
        """Whether the answer that is next in order is here."""
        return self._given in self._ready

    def take(self) -> Any:
        """Return the answer that is next in order."""
        self._given += 1
        return self._ready.pop(self._given - 1)

    def wait(self, tick: Callable[[], None]) -> None:
        """Wait for the next that comes back, or for a tick, and book it."""
        try:
            first = self._news.get(timeout=self._until_something_is_due())
        except queue.Empty:
            tick()
            self._hear(self._late())
        else:
            self._hear(itertools.chain([first], self._arrived()))

    def finish(self, tick: Callable[[], None]) -> None:
        """Wait for what is under way, without asking again; further errors say nothing new."""
        self._end()
        while self._open:
            with contextlib.suppress(JobError):
                self.wait(tick)

    def abandon(self) -> None:
        """Keep what is back, and leave the rest: it may be billed."""
        self._end()
        with contextlib.suppress(JobError):
            self.book()
        for left in self._open.values():
            ledger.give_back(left.call, "abandoned", billed=True)
        self._open.clear()

    def _end(self) -> None:
        self._is_over = True
        self._upcoming.end()

    def _arrived(self) -> Iterator[Made[Question] | Ended | _Back]:
        try:
            while True:
                yield self._news.get_nowait()
        except queue.Empty:
            return

    def _late(self) -> list[Made[Question] | Ended | _Back]:
        """Give up calls whose time is over: a service that sends a byte now and then never times out by itself."""
        over = time.monotonic() - settings.OPENAI_TIMEOUT - GRACE
        silent = errors.silent("no whole answer in time")
        return [_Back(call, silent) for call, each in self._open.items() if each.began < over]

    def _hear(self, news: Iterable[Made[Question] | Ended | _Back]) -> None:
        """Take the news one by one: what is not taken when the work must end is booked by `abandon`."""
        trouble: BaseException | None = None
        for each in news:
            try:
                if isinstance(each, _Back):
                    self._book(each)
                elif self._is_over:
                    continue  # nobody wants the next question, nor why it could not be made
                elif isinstance(each, Made):
                    self._next = _Turn(self._made, each.item)
                    self._made += 1
                else:
                    self._has_more = False
                    trouble = trouble or each.error
            except JobError as error:
                trouble = trouble or error
        if trouble:
            raise trouble

    def _book(self, back: _Back) -> None:
        under_way = self._open.pop(back.call, None)
        if under_way is None:
            return  # it was given up
        self._quiet_until = 0.0  # what stood in the way may have been this call
        turn, took = under_way.turn, time.monotonic() - under_way.began
        try:
            self._ready[turn.number] = book(self.line, turn.question, under_way.call, back.outcome, took=took)
        except Interrupted:
            self._open[back.call] = under_way
            self._news.put(back)
            raise
        except WaitUntil as wait:
            if not self._once_more(turn, AGAIN, _seconds_until(wait)):
                raise
        except TemporaryError as error:
            tries = AGAIN_PAID if error.code in errors.MAY_BE_BILLED else AGAIN
            pause = AGAIN_AFTER * 2**turn.tries * random.uniform(0.5, 1.0)  # noqa: S311
            if not self._once_more(turn, tries, pause):
                raise

    def _once_more(self, turn: _Turn, most: int, after: float) -> bool:
        """Line a question up again; False when it had its tries, or would wait too long for the next."""
        if turn.tries >= most or after > SHORT:
            return False
        self._again.append(_Turn(turn.number, turn.question, turn.tries + 1, time.monotonic() + after))
        return True

    def _due(self) -> _Turn | None:
        """Return whose turn it is: one that waited before a new one, and none far ahead of a slow answer."""
        now = time.monotonic()
        due = [turn for turn in self._again if turn.at <= now]
        if due:
            return due[0]
        ahead = self._made - self._given
        return self._next if ahead <= 4 * settings.OPENAI_PARALLEL else None

    def _take(self, turn: _Turn) -> None:
        if turn is self._next:
            self._next = None
            self._upcoming.more()
        else:
            self._again.remove(turn)

    def _recalled(self, turn: _Turn) -> bool:
        stored = answers.recall(turn.question.key)
        if stored is None:
            return False
        self._take(turn)
        self._ready[turn.number] = stored
        return True

    def _reserve(self, question: Question) -> ProviderCall:
        line = self.line
        return ledger.reserve(provider=line.provider, model=line.model, kind=line.kind, at_most=question.at_most)

    def _be_quiet(self, wait: WaitUntil) -> None:
        """Ask nothing for a while: until it is over when it is short, else until what is under way has come back."""
        seconds = _seconds_until(wait)
        if seconds > SHORT and not self._open:
            raise wait
        self._quiet_until = time.monotonic() + min(seconds, SHORT)

    def _until_something_is_due(self) -> float:
        times = [turn.at for turn in self._again] + [self._quiet_until]
        now = time.monotonic()
        return min([TICK, *(max(at - now, 0.01) for at in times if at > now)])

    def _send(self, question: Question, call: int) -> None:
        try:
            outcome: Reply | Exception = question.send()
        except Exception as error:  # noqa: BLE001  who books it looks at it
            outcome = error
        self._news.put(_Back(call, outcome))


def _seconds_until(wait: WaitUntil) -> float:
    return (wait.when - timezone.now()).total_seconds()
