"""Making due jobs run now, asked from outside."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Now

from jobs import workers
from jobs.claim import Wanted
from jobs.models import JobQueue
from jobs.worker import Loop

BUDGET_SECONDS = 25.0
"""How long a request may work itself: proxies and clients rarely wait longer than 30 s."""
LIMIT = 100


@dataclass
class Dispatched:
    """What came of it: ids of jobs, and counts."""

    workers: int
    rescued: int
    dispatched: list[UUID] = field(default_factory=list)
    processed: list[UUID] = field(default_factory=list)
    failed: list[UUID] = field(default_factory=list)
    remaining: int = 0


def dispatch(job_types: Sequence[str] | None, limit: int = LIMIT) -> Dispatched:
    """Wake the workers for what is due, or run it here when there are none."""
    result = Dispatched(rescued=workers.rescue(), workers=workers.alive())
    if result.workers:
        result.dispatched = list(_due(job_types).values_list("job_id", flat=True)[:limit])
        with connection.cursor() as cursor:
            cursor.execute("NOTIFY job_due")
        result.remaining = _due(job_types).exclude(job_id__in=result.dispatched).count()
    else:
        loop = Loop(resident=False, wanted=Wanted(job_types, jobs_only=True))
        timer = threading.Timer(BUDGET_SECONDS, loop.stop)
        timer.start()
        try:
            tally = loop.drain(limit=limit)
        finally:
            timer.cancel()
        result.processed, result.failed = tally.processed, tally.failed
        result.remaining = _due(job_types).count()
    return result


def _due(job_types: Sequence[str] | None) -> QuerySet[JobQueue]:
    due = JobQueue.objects.filter(token=None, run_at__lte=Now(), job__isnull=False).order_by("priority", "run_at", "id")
    return due if job_types is None else due.filter(job_type__in=job_types)
