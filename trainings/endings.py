"""What follows when a job that reads the recording has ended, in the transaction that ends it."""

from __future__ import annotations

import uuid

from trainings import notices, unusable


def consider(job_id: uuid.UUID) -> None:
    """Tell the person when this was the last one; remove the recording when nothing can be made of it."""
    notices.consider(job_id)
    unusable.consider(job_id)
