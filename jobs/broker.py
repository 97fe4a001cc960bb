"""What django-q2 asks of a message broker, on our queue."""

from __future__ import annotations

import time

from django.db.models import QuerySet
from django_q.brokers import Broker

from jobs.models import JobQueue


class PostgresBroker(Broker):  # type: ignore[misc]
    """Puts django-q2's tasks into our queue; hands out none, because our workers claim for themselves.

    It keeps no connection: an instance is made for every `async_task` and inherited by forks.
    """

    def enqueue(self, task: str) -> int:
        """Put a signed task into the queue, in the caller's transaction; return the row's id."""
        return JobQueue.objects.create(payload=task, job_type="django_q").pk

    def dequeue(self) -> None:
        """Nothing, slowly: django-q2's pusher asks again and again."""
        time.sleep(0.5)

    def queue_size(self) -> int:
        """How many tasks wait."""
        return self._rows().filter(token=None).count()

    def lock_size(self) -> int:
        """How many tasks run."""
        return self._rows().exclude(token=None).count()

    def purge_queue(self) -> None:
        """Take out every waiting task; jobs stay."""
        self._rows().filter(token=None).delete()

    delete_queue = purge_queue

    def ping(self) -> bool:
        """Answer: the database is asked when it is needed."""
        return True

    def info(self) -> str:
        """Say what this is."""
        return "PostgreSQL, resident workers"

    def _rows(self) -> QuerySet[JobQueue]:
        return JobQueue.objects.filter(job=None)
