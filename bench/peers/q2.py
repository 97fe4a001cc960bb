"""Stock django-q2 on its ORM broker: polls, keeps each result."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import django
from django.core.management import call_command

from bench.peers import bell, peer

NAME = "django-q2 (ORM)"


class DjangoQ2:
    """One cluster; its workers share a queue that a pusher fills."""

    def workers(self, number: int) -> AbstractContextManager[None]:
        """Run its cluster command."""
        return peer.running(["bench.peers.q2_manage", "qcluster"], WORKERS=str(number))

    def enqueue(self, ring: bool) -> None:
        """Ask by `async_task`."""
        from django_q.tasks import async_task

        async_task(noop, ring)

    def left(self) -> int:
        """Count what is not acknowledged: that happens after its result is kept."""
        from django_q.models import OrmQ

        return int(OrmQ.objects.count())


@contextmanager
def opened() -> Iterator[DjangoQ2]:
    """Make its tables."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.peers.q2_settings"
    django.setup()
    call_command("migrate", verbosity=0)
    yield DjangoQ2()


def noop(ring: bool) -> None:
    """Do nothing."""
    if ring:
        bell.ring()
