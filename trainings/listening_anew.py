"""Hear a recording once more, in the language that a person says is spoken, and make anew what rests on its words."""

from __future__ import annotations

from django.db import transaction

from jobs import queue
from jobs.models import BackgroundJob
from trainai.accounts.models import User
from trainings import standing
from trainings.models import Sop, Training, Transcript

FROM_WORDS = ("transcription", "sop_generation", "step_pictures")
"""The jobs that make what rests on the words; each waits for the one before it."""


def in_language(training: Training, language: str, *, by: User) -> bool:
    """Have the recording heard in `language`, a code of `languages.KNOWN`; empty: it is found.

    Returns whether it is heard anew. What was heard in that language already stays, and is from now on said to be in
    the language that was chosen.
    """
    if language == training.spoken_language:
        return False
    training.spoken_language = language
    if language and Transcript.objects.filter(training=training, language=language).exists():
        training.save(update_fields=["spoken_language"])
        return False
    with transaction.atomic():
        # The jobs first: one that stores what it made has locked its place in the queue and wants the training's row.
        _stop(training)
        training.told = ""
        training.save(update_fields=["spoken_language", "told"])
        Transcript.objects.filter(training=training).delete()
        Sop.objects.filter(training=training).delete()
        _begin(training, by)
    return True


def _stop(training: Training) -> None:
    for job in _newest(training).values():
        if not job.is_final:
            queue.cancel(job.pk)


def _begin(training: Training, by: User) -> None:
    before: BackgroundJob | None = None
    for job_type in FROM_WORDS:
        # Read each time: a retry revives what ended with it.
        job = _newest(training).get(job_type)
        if job is not None:  # of one that is still recorded, they come with the last byte
            before = _again(job, before, by)


def _again(job: BackgroundJob, before: BackgroundJob | None, by: User) -> BackgroundJob:
    """Have a part made again behind `before`: what is completed stays as it is, and another job follows it."""
    if job.status == BackgroundJob.Status.COMPLETED:
        return queue.enqueue(job.job_type, user=job.user, company=job.company, training=job.training, depends_on=before)
    if job.is_final:
        if before is not None:
            BackgroundJob.objects.filter(pk=job.pk).update(depends_on=before)
        queue.retry(job.pk, by=by)
    return job


def _newest(training: Training) -> dict[str, BackgroundJob]:
    return standing.latest(BackgroundJob.objects.filter(training=training, job_type__in=FROM_WORDS))
