"""Deleting what was over long ago: jobs, and answers that were kept for a request sent twice."""

from __future__ import annotations

import datetime

from django.db.models.functions import Now

from jobs import queries
from jobs.models import BackgroundJob, KeptAnswer

BATCH = 1_000
ANSWERS_KEPT_FOR = datetime.timedelta(hours=24)


def delete_batch(older_than: datetime.timedelta, limit: int = BATCH) -> int:
    """Delete up to `limit` final jobs that ended longer ago; return how many. Fewer than `limit`: that was all."""
    return len(queries.run("cleanup", {"age": older_than.total_seconds(), "limit": limit}))


def count(older_than: datetime.timedelta) -> int:
    """Return how many jobs a clean-up would delete."""
    before = datetime.datetime.now(datetime.UTC) - older_than
    return BackgroundJob.objects.filter(completed_at__lt=before).exclude(status__in=["pending", "processing"]).count()


def forget_answers() -> int:
    """Delete the answers of `idempotency.once` that were kept long enough; return how many."""
    return KeptAnswer.objects.filter(created_at__lt=Now() - ANSWERS_KEPT_FOR).delete()[0]
