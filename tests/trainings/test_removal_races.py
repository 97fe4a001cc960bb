"""Deleting a training at the very moment a worker stores what it made."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from jobs import queue
from jobs.models import JobQueue
from tests.trainings.making import bare_training
from trainai.accounts.models import User
from trainings import removal
from trainings.models import Training

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media_root")]
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def test_a_deletion_and_a_worker_that_stores_do_not_stop_each_other(alice: User) -> None:
    assert alice.company
    training = bare_training(alice)
    queue.enqueue("sop_generation", user=alice, company=alice.company, training=training)
    stores = Event()

    def store() -> None:
        """As a handler does within `context.owned()`."""
        try:
            with transaction.atomic():
                JobQueue.objects.select_for_update(no_key=True).get()
                stores.set()
                _until_somebody_waits()
                Training.objects.select_for_update().get()
        finally:
            connection.close()

    with ThreadPoolExecutor() as threads:
        stored = threads.submit(store)
        assert stores.wait(60)
        removal.remove(training, by=alice)
        stored.result(60)
    training.refresh_from_db()
    assert training.deleted_at


def _until_somebody_waits() -> None:
    with connection.cursor() as cursor:
        for _ in range(100_000):
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits")
