"""Removes a deleted training's rows and files, once none of its jobs can write any more."""

from __future__ import annotations

from typing import Any

from jobs.context import Context
from jobs.errors import RetryAt
from jobs.registry import handler
from trainings import removal
from trainings.models import Training


@handler("training_removal", label="Deleting", max_retries=20, takes={"training": str, "title": str})
def run(context: Context) -> dict[str, Any]:
    """Erase the training, or come back when the last process that writes for it has ended."""
    training = Training.objects.filter(pk=context.input["training"]).first()
    if training is None:
        return {"removed": False}
    # Whoever still sends the recording is told who deleted it, also when nothing else is left (`removal.job_of`).
    context.step(removal.UPLOAD, lambda: str(training.upload_id))
    removal.cancel_jobs(training)  # somebody may have retried one since
    quiet = removal.quiet_from(training)
    if quiet:
        raise RetryAt(quiet, "still_stopping", "A part of this training is still stopping. It is deleted after that.")
    removal.erase(training)
    return {"removed": True}
