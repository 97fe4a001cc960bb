"""From a complete upload to a training and the jobs that make it: who waits for whom."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from jobs import queue
from jobs.models import BackgroundJob
from trainings import filenames, listening_along, quota
from trainings.models import Training, Upload

PRIORITY, ALONG_PRIORITY = 5, 8
"""Whoever waits for a training goes before one that is still being recorded."""


def begin(upload: Upload) -> Training:
    """Make the training of a recording that has only just begun, so that it has its address from the first second.
    Its jobs come with the last byte."""
    return Training.objects.create(
        company=upload.company,
        user=upload.user,
        upload=upload,
        title=filenames.suggested_title(upload.filename),
        spoken_language=upload.spoken_language,
    )


def begin_recording(upload: Upload) -> Training:
    """Make the training of a recording, and have it heard while it is made where that costs nothing."""
    training = begin(upload)
    if listening_along.may():
        soon = timezone.now() + datetime.timedelta(seconds=listening_along.FIRST_SECONDS)
        _enqueue(training, "transcription", run_at=soon, priority=ALONG_PRIORITY)
    return training


def settle(upload: Upload, marks: Sequence[float] = ()) -> None:
    """Store how far the upload is, the parts marked in it, and with its last byte everything that follows from it:
    one transaction. Raises `quota.Exceeded` when the company has no space for it and `Overtaken`; nothing is stored
    then."""
    with transaction.atomic():
        quota.claim_growth(upload, upload.offset if upload.size is None else upload.size)
        upload.store("offset", "size", "expires_at")
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

    transcription = _heard_along(training) or _enqueue(training, "transcription")
    _enqueue(training, "mux_upload")
    sop_generation = _enqueue(training, "sop_generation", depends_on=transcription)
    _enqueue(training, "step_pictures", depends_on=sop_generation)


def _heard_along(training: Training) -> BackgroundJob | None:
    """Return the listening that began with the recording, due now; None when there is none that still stands."""
    active = (BackgroundJob.Status.PENDING, BackgroundJob.Status.PROCESSING)
    job = training.jobs.filter(job_type="transcription", status__in=active).first()
    if job:
        queue.bring_forward(job.pk, priority=PRIORITY)
    return job


def _enqueue(training: Training, job_type: str, **options: Any) -> BackgroundJob:
    return queue.enqueue(job_type, user=training.user, company=training.company, training=training, **options)
