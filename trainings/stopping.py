"""Stop what is still being done for a training, and go on with it later."""

from __future__ import annotations

from jobs import queue
from jobs.errors import NotAllowed
from jobs.models import BackgroundJob
from trainai.accounts.models import User
from trainings import progress
from trainings.models import Training


def stop(training: Training, *, by: User) -> None:
    """Cancel every job of the training that is not over. Doing it twice is no error."""
    for job in training.jobs.filter(status__in=progress.ACTIVE).order_by("created_at"):
        try:
            queue.cancel(job.id, by=by)
        except NotAllowed:
            continue  # it ended by itself in this moment


def go_on(training: Training, *, by: User) -> None:
    """Give another try to every part that failed or was stopped; those it held up follow by themselves."""
    over = training.jobs.filter(status__in=(BackgroundJob.Status.FAILED, BackgroundJob.Status.CANCELLED))
    for job in progress.latest(over).values():
        try:
            queue.retry(job.id, by=by)
        except NotAllowed:
            continue  # it waits for a part before it, or was revived by that one's retry
