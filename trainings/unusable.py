"""Recordings of which nothing can ever be made: their bytes go, the reason stays on the page."""

from __future__ import annotations

import uuid

from django.db import transaction

from jobs.errors import PermanentError
from jobs.models import BackgroundJob
from trainings import faults, standing
from trainings.models import Training, Upload

READERS = ("transcription", "mux_upload")
"""The jobs that read the recording. One of them may find something where the other does not."""


def consider(job_id: uuid.UUID) -> None:
    """Remove the recording when every job that reads it has failed for good, for what the recording is.

    Runs in the transaction that ends the job; the bytes go when that is committed. The training's row is held: of two
    that end in the same moment, the second sees what the first did. What was recorded on our page stays: nobody else
    has it.
    """
    held = Training.objects.select_for_update(no_key=True, of=("self",)).select_related("upload")
    training = held.filter(jobs=job_id).first()
    if training is None or training.upload.was_recorded_here:
        return
    newest = standing.latest(training.jobs.all())
    if all(_failed_for_its_content(newest.get(job_type)) for job_type in READERS):
        training.upload.give_up()
        transaction.on_commit(training.upload.discard)


def require_bytes(upload: Upload) -> None:
    """Raise PermanentError when the recording was removed: somebody tried again all the same."""
    if upload.discarded_at is not None:
        raise PermanentError(
            "recording_removed", "Nothing could be made of this recording, so it was removed. Upload another one."
        )


def _failed_for_its_content(job: BackgroundJob | None) -> bool:
    return (
        job is not None
        and job.status == BackgroundJob.Status.FAILED
        and (job.error_data or {})["code"] in faults.IN_THE_FILE
    )
