"""Deleting jobs that were over long ago."""

from __future__ import annotations

import datetime

from jobs import queries
from jobs.models import BackgroundJob

BATCH = 1_000


def delete_batch(older_than: datetime.timedelta, limit: int = BATCH) -> int:
    """Delete up to `limit` final jobs that ended longer ago; return how many. Fewer than `limit`: that was all."""
    return len(queries.run("cleanup", {"age": older_than.total_seconds(), "limit": limit}))


def count(older_than: datetime.timedelta) -> int:
    """Return how many jobs a clean-up would delete."""
    before = datetime.datetime.now(datetime.UTC) - older_than
    return BackgroundJob.objects.filter(completed_at__lt=before).exclude(status__in=["pending", "processing"]).count()
