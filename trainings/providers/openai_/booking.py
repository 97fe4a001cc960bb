"""What a call brought: stored, paid and noted, or what went wrong with it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jobs.errors import JobError, TemporaryError
from trainings.models import ProviderCall
from trainings.paid import account, answers, breaker, ledger
from trainings.paid.ledger import Usage
from trainings.paid.prices import Price
from trainings.providers.openai_ import errors


@dataclass(frozen=True)
class Reply:
    """A useful answer: JSON, never None. Before `rest_until` the service has nothing left for us."""

    answer: Any
    usage: Usage = field(default_factory=Usage)
    request_id: str = ""
    rest_until: datetime.datetime | None = None


class Useless(Exception):
    """The service answered, and is paid, but the answer is of no use: `error` says why."""

    def __init__(self, error: JobError, reply: Reply) -> None:
        super().__init__(error.code)
        self.error = error
        self.reply = reply


@dataclass(frozen=True)
class Question:
    """One call: `key` names its stored answer, `send` makes it. `at_most` it costs, None when nobody knows."""

    key: str
    send: Callable[[], Reply]
    at_most: Decimal | None = None


@dataclass(frozen=True)
class Line:
    """Whom to ask, and what for."""

    model: str
    kind: str
    price: Price | None
    provider: str = "openai"

    @property
    def service(self) -> str:
        """The circuit that breaks: limits and outages are per model."""
        return f"{self.provider} {self.model}"

    def price_of(self, usage: Usage) -> Decimal | None:
        """Return the price of a call, None when nobody knows it."""
        if self.price is None:
            return None
        return self.price.of(seconds=usage.seconds, input_tokens=usage.input_tokens, output_tokens=usage.output_tokens)


def book(line: Line, question: Question, call: ProviderCall, outcome: Reply | Exception, *, took: float) -> Any:
    """Store and pay an answer that took so many seconds, and return it as it is stored; or raise what went wrong.

    Raises `WaitUntil` when nobody may call for a while.
    """
    call.took = took
    if isinstance(outcome, Reply):
        kept = answers.keep(question.key, outcome.answer)
        account.current().answered.append(question.key)
        _pay(line, call, outcome)
        return kept
    if isinstance(outcome, Useless):
        call.error = outcome.error.code[:40]
        _pay(line, call, outcome.reply)
        raise outcome.error
    raise _failure(line, call, outcome)


def _pay(line: Line, call: ProviderCall, reply: Reply) -> None:
    price = line.price_of(reply.usage) or Decimal(0)
    ledger.settle(call, reply.usage, price, request_id=reply.request_id)
    breaker.answered(line.service)
    if reply.rest_until:
        breaker.hold(line.service, reply.rest_until, errors.BUSY)


def _failure(line: Line, call: ProviderCall, outcome: Exception) -> JobError:
    trouble = errors.translate(outcome, line.model)
    ledger.give_back(call, trouble.error.code, billed=trouble.may_be_billed)
    if trouble.wait_until:
        return breaker.hold(line.service, trouble.wait_until, trouble.error.code)
    # Nonsense is no outage: the question itself may be what makes no sense to the service, and would wait for ever.
    if isinstance(trouble.error, TemporaryError) and trouble.error.code != errors.STRANGE:
        breaker.failed(line.service, trouble.error.code)
    # The original may carry the request with its key: it is no cause of this.
    return trouble.error
