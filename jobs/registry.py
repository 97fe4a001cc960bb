"""Which function does the work of a job type, and by which policy."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from jobs.errors import UnknownJobType
from jobs.shape import Shape

if TYPE_CHECKING:
    from jobs.context import Context

HandlerFunction = Callable[["Context"], dict[str, Any]]


def nothing() -> None:
    """Load nothing ahead."""


@dataclass(frozen=True)
class Handler:
    """A job type: its function and how failures are treated. Times are seconds.

    `by` names who does such work now (a provider): how long another one took says nothing about it. `ended` is called
    in the transaction that completes or fails a job of this type: what it writes is there exactly if that is.
    """

    job_type: str
    run: HandlerFunction
    label: str
    max_retries: int = 3
    backoff_base: float = 5.0
    backoff_limit: float = 600.0
    time_limit: float = 4 * 3600
    share: float | None = None
    """At most this share of the workers runs it at once, but always one of them; None: all of them may.
    A type with a share is heavy, and the heavy types together leave a worker to the others (`limits.most_heavy`)."""
    watched: bool = True
    """Operators are told when one fails for good."""
    takes: Shape | None = None
    """What `input` must look like (`jobs.shape`); None takes any object."""
    by: Callable[[], str] = str
    ended: Callable[[uuid.UUID], None] | None = None
    warm_up: Callable[[], None] = nothing
    """Loads once a process what the first run would wait for; called from another thread, beside other work."""
    instead: Mapping[str, str] = field(default_factory=dict)
    """By the code of a failure that lies in what the job was given: what a person does instead of trying again."""
    leads_to: str = ""
    """The job type that usually comes next: the worker loads for it while a job of this type runs."""


_handlers: dict[str, Handler] = {}


def handler(job_type: str, *, label: str, **policy: Any) -> Callable[[HandlerFunction], HandlerFunction]:
    """Register the decorated function for `job_type`; `label` is what a person reads ("Listening")."""

    def register(run: HandlerFunction) -> HandlerFunction:
        _handlers[job_type] = Handler(job_type, run, label, **policy)
        return run

    return register


def get(job_type: str) -> Handler:
    """Return the handler of a job type, or raise UnknownJobType."""
    try:
        return _handlers[job_type]
    except KeyError:
        raise UnknownJobType(f"No handler for job type {job_type!r}. Known: {', '.join(sorted(_handlers))}.") from None


def label(job_type: str) -> str:
    """Return what a person reads for a job type; an unknown one's own name."""
    known = _handlers.get(job_type)
    return _(known.label) if known else job_type


def ended(job_type: str, job_id: uuid.UUID) -> None:
    """Tell whoever registered the job type that one is over. Call it in the transaction that ended it."""
    known = _handlers.get(job_type)
    if known and known.ended:
        known.ended(job_id)


def instead(job_type: str, code: str) -> str:
    """Return what a person does instead of trying again after this failure; empty when another try may help."""
    known = _handlers.get(job_type)
    told = known.instead.get(code, "") if known else ""
    return _(told) if told else ""


def wants_ends(job_type: str) -> bool:
    """Return whether somebody wants to hear of jobs of this type that are over."""
    known = _handlers.get(job_type)
    return bool(known and known.ended)


def done_by(job_type: str) -> str:
    """Return who does jobs of this type now; empty when that makes no difference."""
    known = _handlers.get(job_type)
    return known.by() if known else ""


def watched_types() -> list[str]:
    """Return the job types whose failures operators are told of."""
    return [name for name in job_types() if _handlers[name].watched]


def job_types() -> list[str]:
    """Return every registered job type, sorted."""
    return sorted(_handlers)


def shares() -> dict[str, float | None]:
    """Return what share of the workers each job type may take at once."""
    return {job_type: known.share for job_type, known in sorted(_handlers.items())}


def heavy() -> list[str]:
    """Return the job types that keep a worker busy for long."""
    return [job_type for job_type, share in shares().items() if share is not None]
