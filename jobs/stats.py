"""The guide's monitoring queries, as numbers."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Avg, Count, ExpressionWrapper, F, Min, Q, fields
from django.utils import timezone

from jobs import limits, workers
from jobs.models import BackgroundJob, JobQueue
from jobs.querysets import JobQuerySet

STUCK_AFTER = datetime.timedelta(minutes=10)
SILENT_AFTER = datetime.timedelta(seconds=15)
"""How long after the end of a lease a running job is stuck: nobody is left who would rescue it."""


def collect() -> dict[str, Any]:
    """Return durations and counts by type, stuck and failed jobs, the queue's depth and the live workers.

    Durations are seconds of the last attempt, by the database's clock.
    """
    jobs, now = BackgroundJob.objects.order_by(), timezone.now()
    took = ExpressionWrapper(F("completed_at") - F("started_at"), output_field=fields.DurationField())
    by_type = (
        jobs.filter(completed_at__isnull=False).values("job_type").annotate(took=Avg(took), number=Count("id"))
    ).order_by("job_type")
    waiting = JobQueue.objects.filter(token=None)
    due = waiting.filter(run_at__lte=now)
    return {
        "by_type": [
            {
                "job_type": row["job_type"],
                "avg_duration_seconds": round(row["took"].total_seconds(), 3) if row["took"] else None,
                "job_count": row["number"],
            }
            for row in by_type
        ],
        "by_status": {row["status"]: row["n"] for row in jobs.values("status").annotate(n=Count("id"))},
        "stuck": [str(pk) for pk in stuck(now).order_by("created_at").values_list("pk", flat=True)],
        "failed_for_good": jobs.failed().filter(retry_count__gte=F("max_retries")).count(),
        "failed_today": jobs.failed().filter(completed_at__gt=now - datetime.timedelta(days=1)).count(),
        "queue_due": due.count(),
        "queue_waiting": waiting.count(),
        "oldest_due_seconds": _seconds(now, due.aggregate(oldest=Min("run_at"))["oldest"]),
        "workers": workers.alive(),
    }


def stuck(now: datetime.datetime) -> JobQuerySet:
    """Keep what is due for ten minutes and not begun, and what runs at a worker that is silent for too long.

    The guide's stuck jobs without those that wait for a reason: for a time, for another job, for a limit.
    """
    held = limits.read()
    not_begun = Q(status="pending", queue_row__token=None, queue_row__run_at__lt=now - STUCK_AFTER)
    not_begun &= ~Q(job_type__in=held.closed_types()) & ~Q(company__in=held.closed_companies())
    silent = Q(status="processing", queue_row__leased_until__lt=now - SILENT_AFTER)
    return BackgroundJob.objects.filter(not_begun | silent)


def _seconds(now: datetime.datetime, then: datetime.datetime | None) -> float | None:
    return round((now - then).total_seconds(), 1) if then else None
