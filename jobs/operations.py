"""The verbs of operators alone: another priority, a retry that forgets what was already done."""

from __future__ import annotations

import uuid

from django.db import transaction

from jobs import queue
from jobs.errors import NotAllowed
from jobs.models import BackgroundJob, JobQueue, JobStep


def retry_from_start(job_id: uuid.UUID) -> BackgroundJob:
    """Retry a job and run its finished steps again too, those that cost money included.

    Raises BackgroundJob.DoesNotExist, and NotAllowed as `queue.retry` does or when a worker has just begun it.
    """
    with transaction.atomic():
        job = queue.retry(job_id)
        _hold_waiting(job_id)
        JobStep.objects.filter(job=job_id).delete()
    return job


def prioritise(job_id: uuid.UUID, priority: int) -> BackgroundJob:
    """Let a waiting job run sooner (1) or later (10).

    Raises BackgroundJob.DoesNotExist, ValueError for a priority out of range, and NotAllowed when it does not wait.
    """
    if not 1 <= priority <= 10:
        raise ValueError(f"priority is {priority}: it goes from 1 (first) to 10 (last).")
    with transaction.atomic():
        job = BackgroundJob.objects.get(pk=job_id)
        _hold_waiting(job_id)
        JobQueue.objects.filter(job=job_id).update(priority=priority)
        BackgroundJob.objects.filter(pk=job_id).update(priority=priority)
    job.refresh_from_db()
    return job


def _hold_waiting(job_id: uuid.UUID) -> None:
    """Keep workers from claiming the job until the caller commits."""
    if not JobQueue.objects.select_for_update().filter(job=job_id, token=None).exists():
        status = BackgroundJob.objects.values_list("status", flat=True).get(pk=job_id)
        raise NotAllowed("A worker has begun it." if status in ("pending", "processing") else f"It is {status}.")
