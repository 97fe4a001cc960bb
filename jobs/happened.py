"""What happened to jobs beside where they stand: a worker that died or fell silent, who cancelled them.

Read once for all jobs that a page shows; they were fetched with their `queue_row`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.db.models import Max

from jobs import cancelling, stats, workers
from jobs.models import BackgroundJob, JobAttempt, JobQueue
from jobs.telling import Held

Status = BackgroundJob.Status
CLOCKS = datetime.timedelta(minutes=1)
"""So much the clocks of our hosts may differ; a line older than that is of an earlier cancel."""


class Kind(StrEnum):
    """What may hold work up although nobody wants it to."""

    LOST = "lost"
    """Its worker died; it is given to another."""
    SILENT = "silent"
    """Its worker gives no sign, and nobody has taken the work over yet."""
    NOT_BEGUN = "not-begun"
    """It could start, and no worker takes it."""


@dataclass(frozen=True)
class Trouble:
    """What holds a job up, and since when; `attempt` of `most` that a death may cost."""

    kind: Kind
    since: datetime.datetime
    attempt: int = 0
    most: int = 0


class Log:
    """What is known of these jobs."""

    def __init__(self, jobs: Iterable[BackgroundJob] = ()) -> None:
        jobs = list(jobs)
        self._known = {job.pk for job in jobs}
        self._cancelled_by = _cancellers([job for job in jobs if job.status == Status.CANCELLED])
        self._lost_at = _deaths([job for job in jobs if (place := _place(job)) and place.deaths])

    def cancelled_by(self, job: BackgroundJob) -> str:
        """Return the name of who cancelled a job, empty when nobody wrote it down."""
        return self._cancelled_by.get(str(job.pk), "")

    def trouble(self, job: BackgroundJob, now: datetime.datetime, held: Held) -> Trouble | None:
        """Return what holds a job up that nobody wants to wait."""
        place = _place(job) if job.pk in self._known else None
        if place is None:
            return None
        if job.status == Status.PROCESSING and place.leased_until and place.leased_until < now - stats.SILENT_AFTER:
            return Trouble(Kind.SILENT, place.leased_until)
        if job.status == Status.PENDING and place.run_at and place.run_at < now - stats.STUCK_AFTER and not held(job):
            return Trouble(Kind.NOT_BEGUN, place.run_at)
        if lost_at := self._lost_at.get(job.pk):
            return Trouble(Kind.LOST, lost_at, place.deaths + 1, workers.DEATHS_LIMIT)
        return None


def _place(job: BackgroundJob) -> JobQueue | None:
    return None if job.is_final else getattr(job, "queue_row", None)


def _cancellers(jobs: list[BackgroundJob]) -> dict[str, str]:
    if not jobs:
        return {}
    entries = LogEntry.objects.filter(
        content_type__model="backgroundjob",
        object_id__in=[str(job.pk) for job in jobs],
        change_message__startswith=cancelling.MESSAGE,
    )
    asked_at = {str(job.pk): job.cancel_requested_at for job in jobs}
    return {
        str(entry.object_id): str(entry.user)
        for entry in entries.select_related("user").order_by("action_time")
        if (asked := asked_at[str(entry.object_id)]) and entry.action_time > asked - CLOCKS
    }


def _deaths(jobs: list[BackgroundJob]) -> dict[UUID, datetime.datetime]:
    if not jobs:
        return {}
    lost = JobAttempt.objects.filter(job__in=jobs, outcome=JobAttempt.Outcome.LOST).order_by()
    return {row["job"]: row["at"] for row in lost.values("job").annotate(at=Max("ended_at"))}


NOTHING = Log()
"""When nobody asked."""
