"""Our own engine, as its peers are asked: each job with its whole record of row, attempt, progress and events."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.core.management import call_command

from bench.peers import peer

NAME = "TrainAI"


class Ours:
    """One cluster of resident workers."""

    def __init__(self) -> None:
        from trainai.accounts.models import Company, Membership, User

        self.company = Company.objects.create(name="Bench")
        self.user = User.objects.create_user("bench@example.com")
        Membership.objects.create(user=self.user, company=self.company)

    @contextmanager
    def workers(self, number: int) -> Iterator[None]:
        """Run `qcluster`."""
        from jobs.models import Worker

        with peer.running(["bench.peers.ours_manage", "qcluster"], WORKERS=str(number)):
            while Worker.objects.count() < number:
                time.sleep(0.05)
            yield

    def enqueue(self, ring: bool) -> None:
        """Make a job."""
        from jobs import queue

        queue.enqueue("bench_noop", user=self.user, company=self.company, input_data={"ring": True} if ring else {})

    def left(self) -> int:
        """Count what is in the queue: a job leaves it with its end."""
        from jobs.models import JobQueue

        return JobQueue.objects.count()


@contextmanager
def opened() -> Iterator[Ours]:
    """Make its tables."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    yield Ours()
