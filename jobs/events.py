"""The wire contract of trigger, listener, consumer and page."""

from __future__ import annotations

import datetime
from typing import Any, TypedDict

from django.utils import timezone
from django.utils.translation import gettext as _

from jobs import limits, phrases, registry, telling
from jobs.models import BackgroundJob
from jobs.querysets import JobQuerySet

CHANNEL = "job_event"
"""Where the trigger on `background_jobs` notifies (migration 0002)."""
LIMITS_CHANNEL = "job_limit"
"""Where the trigger on `job_limits` notifies (migration 0009): the company, or nothing for a type."""
SNAPSHOT_LIMIT = 200
_RECENT = datetime.timedelta(days=1)


class Change(TypedDict):
    """A notification's payload: names the row, never carries content."""

    id: str
    company: str
    training: str | None
    version: int
    status: str
    progress: int


class JobError(TypedDict):
    """Why a job failed, for the person."""

    code: str
    message: str


class JobOnWire(TypedDict):
    """A job as pages and API clients see it. Times are ISO 8601 in UTC."""

    id: str
    training: str | None
    job_type: str
    label: str
    status: str
    progress_percentage: int
    progress_message: str
    version: int
    error: JobError | None
    waits_for: str
    can_retry: bool
    retry_count: int
    max_retries: int
    next_retry_at: str | None
    cancel_requested_at: str | None
    created_at: str
    started_at: str | None
    completed_at: str | None


def on_wire(job: BackgroundJob, held: limits.Lookup | None = None) -> JobOnWire:
    """Return a job as it goes to a page, in the language that is active.

    See `readable` for the rows it needs, and `waits_for` for `held`.
    """
    return {
        "id": str(job.pk),
        "training": str(job.training_id) if job.training_id else None,
        "job_type": job.job_type,
        "label": registry.label(job.job_type),
        "status": job.status,
        "progress_percentage": job.progress_percentage,
        "progress_message": phrases.said(job.progress_message),
        "version": job.version,
        "error": _error(job.error_data),
        "waits_for": waits_for(job, held or limits.Lookup()),
        "can_retry": telling.may_retry(job),
        "retry_count": job.retry_count,
        "max_retries": job.max_retries,
        "next_retry_at": _time(job.next_retry_at),
        "cancel_requested_at": _time(job.cancel_requested_at),
        "created_at": job.created_at.isoformat(),
        "started_at": _time(job.started_at),
        "completed_at": _time(job.completed_at),
    }


def waits_for(job: BackgroundJob, held: limits.Lookup) -> str:
    """Say what a pending job waits for; empty for any other. `held` is shared by the jobs of one answer."""
    if job.status != BackgroundJob.Status.PENDING:
        return ""
    if job.depends_on and job.depends_on.status != BackgroundJob.Status.COMPLETED:
        return _("waits for “%(part)s”") % {"part": registry.label(job.depends_on.job_type)}
    if job.next_retry_at:
        return _("waits for its next try")
    place = getattr(job, "queue_row", None)
    if place and place.run_at and place.run_at > timezone.now():
        return _("waits for its time")
    return held.reason(job) or _("waits for its turn")


def readable(jobs: JobQuerySet) -> JobQuerySet:
    """Fetch with the jobs what `on_wire` reads."""
    return jobs.select_related("depends_on", "queue_row")


def snapshot(jobs: JobQuerySet) -> list[JobOnWire]:
    """Return what a page starts from: every unfinished job and the latest of the last day, newest first."""
    unfinished = readable(jobs.unfinished())[:SNAPSHOT_LIMIT]
    recent = readable(jobs.filter(completed_at__gt=timezone.now() - _RECENT))[:SNAPSHOT_LIMIT]
    newest = sorted({*unfinished, *recent}, key=lambda job: job.created_at, reverse=True)
    held = limits.Lookup()
    return [on_wire(job, held) for job in newest]


def _time(value: datetime.datetime | None) -> str | None:
    return value.isoformat() if value else None


def _error(data: Any) -> JobError | None:
    if not data:
        return None
    return {"code": data.get("code", "unexpected"), "message": phrases.said(data.get("message", ""))}
