"""The allowed moves of a job, and the functions that make them.

Each move is one statement that names the allowed previous states and, for a worker, its lease token. Nothing
changed means that somebody else decided: an ordinary outcome, told by False.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from jobs import phrases, prepared, queries, registry, sql
from jobs.models import BackgroundJob, JobAttempt, JobQueue

Status = BackgroundJob.Status
Outcome = JobAttempt.Outcome

MOVES: dict[Status, frozenset[Status]] = {
    Status.PENDING: frozenset({Status.PROCESSING, Status.FAILED, Status.CANCELLED}),
    Status.PROCESSING: frozenset({Status.COMPLETED, Status.FAILED, Status.CANCELLED, Status.PENDING}),
    Status.COMPLETED: frozenset(),
    Status.FAILED: frozenset({Status.PENDING}),
    Status.CANCELLED: frozenset({Status.PENDING}),
}

WINDING_DOWN_SECONDS = 4.0
"""How long the process of a cancelled attempt may need to end; a retry starts no sooner."""


@dataclass(frozen=True)
class Lease:
    """The right to write a job's state: valid while the queue row carries the token."""

    job_id: uuid.UUID
    token: uuid.UUID
    attempt: int = 1
    deaths: int = 0


def sources(to: Status, *, final: bool = False) -> list[str]:
    """Return the states from which a job may move to `to`: the final ones or the others."""
    finals = (Status.COMPLETED, Status.FAILED, Status.CANCELLED)
    return [str(status.value) for status, targets in MOVES.items() if to in targets and (status in finals) == final]


def complete(lease: Lease, output: dict[str, Any], job_type: str = "") -> bool:
    """End a job well, and make due what waited for it."""
    if (lone := completing_alone(lease, output, job_type)) and prepared.execute(*lone):
        return True
    with transaction.atomic():
        moved = _settle(lease.job_id, Status.COMPLETED, token=lease.token, output=output)
        if moved:
            queries.run("unblock", {"job": lease.job_id})
            registry.ended(job_type, lease.job_id)
    return moved


def completing_alone(lease: Lease, output: dict[str, Any], job_type: str) -> prepared.Statement | None:
    """Return the statement that ends a job well if no other waits for it; None when somebody wants to hear of it."""
    if registry.wants_ends(job_type):
        return None
    params = _settling(lease.job_id, Status.COMPLETED, token=lease.token, output=output, alone=True)
    return sql.load("settle"), params


def fail(lease: Lease, error: dict[str, Any], job_type: str, outcome: Outcome = Outcome.FAILED) -> bool:
    """End a job badly, and with it what waits for it."""
    with transaction.atomic():
        moved = _settle(lease.job_id, Status.FAILED, token=lease.token, error=error, outcome=outcome)
        if moved:
            settle_below(lease.job_id, Status.FAILED, job_type)
            registry.ended(job_type, lease.job_id)
    return moved


def cancel(job_id: uuid.UUID, job_type: str) -> bool:
    """End a waiting or running job because somebody asked for it, and with it what waits for it."""
    with transaction.atomic():
        # By a statement of its own: the next one sees what a claim wrote that committed while this waited for it.
        list(JobQueue.objects.select_for_update().filter(job=job_id).values_list("pk"))
        moved = _settle(job_id, Status.CANCELLED)
        if moved:
            settle_below(job_id, Status.CANCELLED, job_type)
    return moved


def retry_later(lease: Lease, error: dict[str, Any], run_at: datetime.datetime) -> bool:
    """Put a job that failed back into the queue; uses one of its retries."""
    return _release(lease, run_at=run_at, retries=1, error=error, outcome=Outcome.FAILED)


def wait(lease: Lease, error: dict[str, Any], run_at: datetime.datetime) -> bool:
    """Put a job back into the queue until `run_at`, with what it waits for; uses up no attempt and no retry."""
    return _release(lease, run_at=run_at, refund=1, error=error, outcome=Outcome.HANDED_BACK)


def hand_back(lease: Lease) -> bool:
    """Put a job back into the queue as if this attempt had never begun."""
    return _release(lease, refund=1, outcome=Outcome.HANDED_BACK)


def lose(lease: Lease) -> bool:
    """Put a job whose worker died back into the queue."""
    return _release(lease, deaths=1, outcome=Outcome.LOST)


def reopen(job_id: uuid.UUID, *, blocked: bool) -> bool:
    """Put a final job back into the queue; `blocked` when it waits for another one."""
    return bool(
        queries.run(
            "reopen",
            {
                "job": job_id,
                "blocked": blocked,
                "sources": sources(Status.PENDING, final=True),
                "winding_down": WINDING_DOWN_SECONDS,
            },
        )
    )


def settle_below(job_id: uuid.UUID, to: Status, job_type: str) -> None:
    """End everything that waits for a job that will not complete, and what waits for that, level by level."""
    with translation.override(settings.LANGUAGE_CODE):  # who reads it, and in which language, nobody knows yet
        label = registry.label(job_type)
    cancelled = to == Status.CANCELLED
    error = {
        "code": "dependency_cancelled" if cancelled else "dependency_failed",
        "message": phrases.kept(f"{label} was cancelled, so this did not start.")
        if cancelled
        else phrases.kept(f"{label} failed, so this did not start. Retry that part first."),
        "detail": str(job_id),
        "retryable": False,
        "attempt": 0,
        "at": datetime.datetime.now(datetime.UTC).isoformat(),
    }
    ended = [job_id]
    while ended:
        params = {"jobs": ended, "to": to.value, "error": queries.as_json(error)}
        ended = [row["id"] for row in queries.run("settle_below", params)]


def _settle(job_id: uuid.UUID, to: Status, **how: Any) -> bool:
    return bool(queries.run("settle", _settling(job_id, to, **how)))


def _settling(
    job_id: uuid.UUID,
    to: Status,
    *,
    token: uuid.UUID | None = None,
    output: dict[str, Any] | None = None,
    error: dict[str, Any] | None = None,
    outcome: Outcome | None = None,
    alone: bool = False,
) -> dict[str, Any]:
    """Return the parameters of `settle.sql`."""
    return {
        "alone": alone,
        "job": job_id,
        "token": token,
        "to": to.value,
        "outcome": (outcome or Outcome(to.value)).value,
        "output": queries.as_json(output),
        "error": queries.as_json(error),
        "sources": sources(to),
    }


def _release(
    lease: Lease,
    *,
    outcome: Outcome,
    run_at: datetime.datetime | None = None,
    retries: int = 0,
    refund: int = 0,
    deaths: int = 0,
    error: dict[str, Any] | None = None,
) -> bool:
    return bool(
        queries.run(
            "release",
            {
                "job": lease.job_id,
                "token": lease.token,
                "outcome": outcome.value,
                "run_at": run_at,
                "retries": retries,
                "refund": refund,
                "deaths": deaths,
                "error": queries.as_json(error),
                "sources": sources(Status.PENDING),
            },
        )
    )
