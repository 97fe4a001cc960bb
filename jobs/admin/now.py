"""How the installation stands at this moment: a few numbers, each from an index."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone

from jobs import stats, workers
from jobs.lengths import words
from jobs.models import BackgroundJob, JobQueue


@dataclass(frozen=True)
class Figures:
    """Numbers of jobs and workers; `oldest` is for how long the longest due one waits, in words."""

    working: int
    waiting: int
    oldest: str
    stuck: int
    failed: int
    workers: int

    def as_json(self) -> dict[str, Any]:
        """Return them for an open page."""
        return asdict(self)


def figures() -> Figures:
    """Count what runs, waits, is stuck, failed within 24 hours, and who works."""
    now = timezone.now()
    place = JobQueue.objects.filter(job__isnull=False).aggregate(
        working=Count("id", filter=Q(token__isnull=False)),
        waiting=Count("id", filter=Q(token=None)),
        oldest=Min("run_at", filter=Q(token=None, run_at__lte=now)),
    )
    oldest = place.pop("oldest")
    failed = BackgroundJob.objects.failed().filter(completed_at__gt=now - datetime.timedelta(days=1))
    return Figures(
        **place,
        oldest=words((now - oldest).total_seconds()) if oldest else "",
        stuck=stats.stuck(now).order_by().count(),
        failed=failed.order_by().count(),
        workers=workers.alive(),
    )
