"""Mending rows that no move of ours leaves behind: somebody changed them by hand."""

from __future__ import annotations

import datetime
import uuid

from django.db import transaction

from jobs import queries, states
from jobs.models import BackgroundJob, JobQueue
from jobs.states import Status


def heal(since: datetime.timedelta | None = None) -> None:
    """Have every unfinished job in the queue, waiting for something that comes; with `since` look only at those that
    young for a lost place."""
    queries.heal(since)
    in_vain = JobQueue.objects.filter(run_at=None, job__depends_on__status__in=(Status.FAILED, Status.CANCELLED))
    for job_id in in_vain.values_list("job__depends_on", flat=True).distinct():
        if job_id is not None:
            _settle_below(job_id)


def _settle_below(job_id: uuid.UUID) -> None:
    """End what waits for a job that ended badly. Its row is held, so that nobody retries it meanwhile."""
    with transaction.atomic():
        ended = BackgroundJob.objects.select_for_update(no_key=True, skip_locked=True).filter(
            pk=job_id, status__in=(Status.FAILED, Status.CANCELLED)
        )
        for job in ended:
            states.settle_below(job.pk, Status(job.status), job.job_type)
