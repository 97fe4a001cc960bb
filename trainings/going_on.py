"""Go on with what failed or was stopped."""

from __future__ import annotations

from jobs import queue
from jobs.errors import NotAllowed
from jobs.models import BackgroundJob
from trainai.accounts.models import User
from trainings import standing
from trainings.models import Training


def go_on(training: Training, *, by: User) -> None:
    """Give another try to every part that failed or was stopped; those it held up follow by themselves."""
    over = training.jobs.filter(status__in=(BackgroundJob.Status.FAILED, BackgroundJob.Status.CANCELLED))
    for job in standing.latest(over).values():
        try:
            queue.retry(job.id, by=by)
        except NotAllowed:
            continue  # it waits for a part before it, or was revived by that one's retry
