"""From a complete upload to a training and the jobs that make it: who waits for whom."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from jobs import queue
from jobs.models import BackgroundJob
from trainings import filenames
from trainings.models import Training, Upload


def settle(upload: Upload) -> None:
    """Store how far the upload is and, with its last byte, everything that follows from it: one transaction."""
    with transaction.atomic():
        upload.save(update_fields=["offset", "size", "expires_at"])
        if upload.is_complete:
            finish(upload)


def finish(upload: Upload) -> Training:
    """Make the training of an upload whose every byte is on disk, with its jobs, in one transaction.

    Exactly once: whoever comes later gets the training that is already there, also when the first answer was lost.
    """
    with transaction.atomic():
        held = Upload.objects.select_for_update().get(pk=upload.pk)
        if held.finished_at is None:
            held.finished_at = timezone.now()
            held.save(update_fields=["finished_at"])
        upload.finished_at = held.finished_at
        return Training.objects.filter(upload=held).first() or _make(held)


def _make(upload: Upload) -> Training:
    training = Training.objects.create(
        company=upload.company,
        user=upload.user,
        upload=upload,
        title=filenames.suggested_title(upload.filename),
    )
    enqueue_jobs(training)
    return training


def enqueue_jobs(training: Training) -> None:
    """Put the training's jobs into the queue. The video is prepared beside the listening; the steps wait for the
    transcript, and the pictures for the steps."""

    def enqueue(job_type: str, depends_on: BackgroundJob | None = None) -> BackgroundJob:
        return queue.enqueue(
            job_type, user=training.user, company=training.company, training=training, depends_on=depends_on
        )

    transcription = enqueue("transcription")
    enqueue("mux_upload")
    sop_generation = enqueue("sop_generation", depends_on=transcription)
    enqueue("step_pictures", depends_on=sop_generation)
