"""The states an operator knows: those of the pages, and stuck."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from jobs import limits, registry, stats, time_left
from jobs.models import BackgroundJob, JobQueue

Status = BackgroundJob.Status


@dataclass(frozen=True)
class State:
    """A state's word, the class of its badge, and the sentence that says why."""

    word: str
    look: str
    why: str


def of(job: BackgroundJob) -> State:
    """Return where a job stands; it was read by `rows.readable`."""
    now, place = timezone.now(), getattr(job, "queue_row", None)
    if job.status == Status.PROCESSING:
        if place and place.leased_until and place.leased_until < now - stats.SILENT_AFTER:
            return State("stuck", "stuck", f"its worker has been silent for {_ago(place.leased_until, now)}")
        return State("working", "working", job.progress_message or "just begun")
    if job.status == Status.PENDING:
        return _waiting(job, place, now)
    if job.status == Status.FAILED:
        return State("failed", "failed", getattr(job, "error_message", "") or "It ended without a reason.")
    if job.status == Status.CANCELLED:
        return State("cancelled", "cancelled", getattr(job, "error_message", "") or "somebody asked for it")
    return State("done", "ready", "")


def _waiting(job: BackgroundJob, place: JobQueue | None, now: datetime.datetime) -> State:
    if place is None:
        return State("stuck", "stuck", "it has lost its place in the queue; a running qcluster gives it back")
    if place.run_at is None:
        other = registry.label(job.depends_on.job_type) if job.depends_on else "another part"
        return State("waiting", "waiting", f"waits for “{other}”")
    if job.next_retry_at and job.next_retry_at > now:
        reason = getattr(job, "error_message", "") or ""
        return State("waiting", "waiting", f"tries again in {_ago(now, job.next_retry_at)}: {reason}".rstrip(": "))
    if place.run_at > now:
        return State("waiting", "waiting", f"starts in {_ago(now, place.run_at)}")
    if held := (getattr(job, "held", None) or limits.Lookup()).reason(job):
        return State("waiting", "waiting", held)
    if place.run_at < now - stats.STUCK_AFTER:
        return State("stuck", "stuck", f"due for {_ago(place.run_at, now)} and nobody has begun it")
    return State("waiting", "waiting", "waits for its turn")


def _ago(then: datetime.datetime, now: datetime.datetime) -> str:
    return time_left.rounded(max(1.0, (now - then).total_seconds()))
