"""From a complete upload to a training and the jobs that make it: who waits for whom."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from jobs import queue
from jobs.models import BackgroundJob
from trainings import filenames, quota
from trainings.models import Training, Upload


def begin(upload: Upload) -> Training:
    """Make the training of a recording that has only just begun, so that it has its address from the first second.
    Its jobs come with the last byte."""
    return Training.objects.create(
        company=upload.company,
        user=upload.user,
        upload=upload,
        title=filenames.suggested_title(upload.filename),
    )


def settle(upload: Upload, marks: Sequence[float] = ()) -> None:
    """Store how far the upload is, the parts marked in it, and with its last byte everything that follows from it:
    one transaction. Raises `quota.Exceeded` when the company has no space for it; nothing is stored then."""
    with transaction.atomic():
        quota.claim_growth(upload, upload.offset if upload.size is None else upload.size)
        upload.save(update_fields=["offset", "size", "expires_at"])
        if upload.is_complete:
            finish(upload)
        if marks:
            Training.objects.filter(upload=upload).update(marks=list(marks))


class Removed(Exception):
    """The recording's training was deleted: nothing is made of it any more."""


def finish(upload: Upload) -> Training:
    """Make the training of an upload whose every byte is on disk, with its jobs, in one transaction.

    Exactly once: whoever comes later gets the training that is already there, also when the first answer was lost.
    Raises `Removed` when that one was deleted since.
    """
    with transaction.atomic():
        held = Upload.objects.select_for_update().get(pk=upload.pk)
        training = Training.objects.filter(upload=held).first()
        if held.discarded_at is not None or (training and training.deleted_at is not None):
            raise Removed
        if held.finished_at is None:
            held.finished_at = timezone.now()
            held.save(update_fields=["finished_at"])
            training = training or begin(held)
            enqueue_jobs(training)
        upload.finished_at = held.finished_at
        return training or _make(held)


def _make(upload: Upload) -> Training:
    training = begin(upload)
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
