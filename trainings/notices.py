"""Telling the person who made a training, once, that it is ready or needs them: never a mail per stage."""

from __future__ import annotations

import uuid

from django.conf import settings

from jobs import queue
from trainings import standing
from trainings.models import Training

TOLD = ("ready", "failed")
"""The ends a person is told of; what they cancelled themselves they know."""


def consider(job_id: uuid.UUID) -> None:
    """Enqueue the mail when this job was the last that was open. Runs in the transaction that ended the job, so that
    the mail is sent if and only if that is committed. The training's row is held: of two parts that end in the same
    moment, the second sees what the first did."""
    training = (
        Training.objects.select_for_update(no_key=True)
        .filter(jobs=job_id, deleted_at=None, upload__finished_at__isnull=False)
        .first()
    )
    if training is None:
        return
    status = standing.status(training.jobs.all())
    if status not in TOLD or status == training.told:
        return
    training.told = status
    training.save(update_fields=["told"])
    if mails_to(training):
        queue.enqueue(
            "notice",
            user=training.user,
            company=training.company,
            training=training,
            input_data={"status": status},
            priority=3,
        )


def mails_to(training: Training) -> str:
    """Return the address a mail about this training goes to, empty when none is wanted or none can be sent."""
    return training.user.email if settings.EMAIL_URL and training.user.wants_mail else ""
