"""For whom a call is made: set around a handler's work, so that providers need not know of jobs."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from jobs.models import BackgroundJob


@dataclass(frozen=True)
class Account:
    """Who pays, and for what. Everything is None where no job runs, for example in a benchmark."""

    company_id: uuid.UUID | None = None
    training_id: uuid.UUID | None = None
    job_id: uuid.UUID | None = None
    answered: list[str] = field(default_factory=list, compare=False)
    """Keys of the answers that came in this attempt of the job."""


_current: ContextVar[Account] = ContextVar("account", default=Account())  # noqa: B039  it is frozen


def current() -> Account:
    """Return for whom this thread works."""
    return _current.get()


@contextmanager
def charged_to(job: BackgroundJob) -> Iterator[None]:
    """Charge what is called meanwhile to `job`, its training and its company."""
    token = _current.set(Account(job.company_id, job.training_id, job.pk))
    try:
        yield
    finally:
        _current.reset(token)
