"""A company of its own to test in, and nothing left of it afterwards."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from jobs import queue
from jobs.models import BackgroundJob
from trainai.accounts.models import Company, Membership, User
from trainings import creation, following, removal
from trainings.handlers.verification import JOB_TYPE
from trainings.models import Training

RECORDING: Path = settings.BASE_DIR / "trainings" / "sample" / "sample.mp4"
PATIENCE_SECONDS = 900.0
"""How long the sample's work may take on a small, busy machine."""
_POLL_SECONDS = 0.1


class TookTooLong(Exception):
    """What was waited for did not come."""


@dataclass
class Scene:
    """Who tests, where, on which training, and who does the work if nobody else does."""

    user: User
    company: Company
    training: Training
    help: following.Help

    def enqueue(self, do: str, **options: Any) -> BackgroundJob:
        """Make a probe that behaves as told."""
        options.setdefault("input_data", {"do": do})
        return queue.enqueue(JOB_TYPE, user=self.user, company=self.company, training=self.training, **options)

    def wait(self, job: BackgroundJob, until: Callable[[BackgroundJob], bool], seconds: float = 60.0) -> BackgroundJob:
        """Return the job when it is so; raise TookTooLong."""
        give_up = time.monotonic() + seconds
        while True:
            self.help.where_needed()
            job = BackgroundJob.objects.get(pk=job.pk)
            if until(job):
                return job
            if time.monotonic() > give_up:
                raise TookTooLong(f"{job.job_type} is still {job.status} at {job.progress_percentage} %.")
            time.sleep(_POLL_SECONDS)

    def finish(self, job: BackgroundJob, seconds: float = 60.0) -> BackgroundJob:
        """Return the job when it is final."""
        return self.wait(job, lambda job: job.is_final, seconds)


@contextlib.contextmanager
def person() -> Iterator[tuple[User, Company]]:
    """Make somebody in a company; take everything of theirs away again."""
    company = Company.objects.create(name="Verification of background processing")
    user = User.objects.create_user(f"verification-{secrets.token_hex(4)}@localhost", name="Verification")
    Membership.objects.create(user=user, company=company, role=Membership.Role.OWNER)
    try:
        yield user, company
    finally:
        for training in Training.objects.filter(company=company):
            removal.cancel_jobs(training)
            while quiet := removal.quiet_from(training):
                time.sleep(max(0.1, quiet.timestamp() - time.time()))
            removal.erase(training)
        BackgroundJob.objects.filter(company=company).delete()
        user.delete()
        company.delete()


@contextlib.contextmanager
def scene(user: User, company: Company) -> Iterator[Scene]:
    """Put the sample recording through the door every recording comes through."""
    training = creation.from_file(RECORDING, company=company)
    with following.Help(training) as help:
        yield Scene(user, company, training, help)
