"""A person cancels a job: the engine's verb, and a line in the log of who did what."""

from __future__ import annotations

import uuid

from django.db import transaction

from jobs import action_log, queue
from jobs.models import BackgroundJob
from trainai.accounts.models import User

MESSAGE = "Cancel"
"""How such a line begins; the desk's goes on with the reason."""


def cancel(job_id: uuid.UUID, *, by: User) -> BackgroundJob:
    """Cancel a waiting or running job and what waits for it; raises as `queue.cancel`."""
    with transaction.atomic():
        was_over = BackgroundJob.objects.filter(pk=job_id, status=BackgroundJob.Status.CANCELLED).exists()
        job = queue.cancel(job_id, by=by)
        if not was_over:
            action_log.write(job, by=by, message=MESSAGE)
    return job
