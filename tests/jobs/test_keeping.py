"""What the main process of the workers does for them, whatever happens."""

from __future__ import annotations

import os
import subprocess
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.db import ProgrammingError, connection
from django.db.backends.signals import connection_created
from django.utils import timezone
from pytest_django.fixtures import Settings

from jobs import claim, hold, processes, states, watchdog, wire, workers
from jobs.keeper import FROZEN_SECONDS, Keeper
from jobs.models import JobQueue, Worker
from jobs.worker import Loop
from tests.jobs.conftest import Make

Register = Callable[..., None]
pytestmark = pytest.mark.django_db


@pytest.fixture
def scratch(settings: Settings, tmp_path: Path) -> Path:
    """Where attempts of this test keep their files."""
    settings.VAR_DIR = tmp_path
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


def test_a_duty_that_fails_in_an_unknown_way_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked = []

    def fail() -> int:
        asked.append("rescue")
        raise RuntimeError("nobody thought of this")

    monkeypatch.setattr(workers, "rescue", fail)
    keeper = Keeper()
    keeper._due = dict.fromkeys(keeper._due, 0.0)
    keeper._tend()
    keeper._due = dict.fromkeys(keeper._due, 0.0)
    keeper._tend()
    assert asked == ["rescue"] * 2
    assert "nobody thought of this" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_row_that_a_frozen_process_has_locked_keeps_no_other_from_being_rescued(
    handle: Register, enqueue: Make
) -> None:
    handle("work", lambda context: {})
    for _ in range(2):
        enqueue("work")
        claim.take(uuid.uuid4(), "dead", claim.Wanted())
    JobQueue.objects.update(leased_until=timezone.now())
    with psycopg.connect(**connection.get_connection_params()) as frozen:
        frozen.execute("SELECT id FROM job_queue ORDER BY id LIMIT 1 FOR NO KEY UPDATE")
        assert workers.rescue() == 1
    assert workers.rescue() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("pooler", "limit"), [({}, "15s"), ({"host": "the server itself"}, "0")])
def test_the_server_ends_a_transaction_that_idles_as_long_as_a_lease_lasts(
    settings: Settings, pooler: dict[str, str], limit: str
) -> None:
    """Behind a pooler the limit is the pooler's: what we set would stay for somebody else."""
    settings.DATABASE_DIRECT = pooler
    connection.close()
    connection_created.connect(wire.end_idle_transactions)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW idle_in_transaction_session_timeout")
            assert cursor.fetchone() == (limit,)
    finally:
        connection_created.disconnect(wire.end_idle_transactions)
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_ends_by_an_error_is_still_known_so_that_it_is_found_dead(
    monkeypatch: pytest.MonkeyPatch, handle: Register, enqueue: Make
) -> None:
    def refuse(*_: object) -> bool:
        raise ProgrammingError("nobody thought of this")

    monkeypatch.setattr(states, "complete", refuse)
    handle("work", lambda context: {})
    enqueue("work")
    with pytest.raises(ProgrammingError):
        Loop(resident=False).drain()
    assert Worker.objects.get().pk == JobQueue.objects.get().worker_id


def test_a_sentinel_that_stands_still_is_frozen_unless_we_stood_still_too() -> None:
    watch, now = watchdog.Watch(FROZEN_SECONDS), time.monotonic()
    assert not watch.is_frozen(now, now + FROZEN_SECONDS - 0.1)
    assert watch.is_frozen(now, now + FROZEN_SECONDS + 0.1)
    assert not watch.is_frozen(now, now + 60)  # the whole machine was paused
    assert watch.is_frozen(now, now + 60 + FROZEN_SECONDS) is False
    assert watch.is_frozen(now, now + 60 + FROZEN_SECONDS + 0.1)


def test_what_a_dead_attempt_left_is_swept_once_it_is_sure_that_it_is_dead(scratch: Path) -> None:
    left = hold.scratch_folder(uuid.uuid4())
    left.mkdir()
    (left / "part").write_text("half a recording")
    suspects = workers.sweep(set())
    assert left.exists()
    workers.sweep(suspects)
    assert not left.exists()


def test_what_a_running_attempt_keeps_is_not_swept(scratch: Path, handle: Register, enqueue: Make) -> None:
    handle("work", lambda context: {})
    enqueue("work")
    taken = claim.take(uuid.uuid4(), "somebody", claim.Wanted())
    assert isinstance(taken, claim.Claimed)
    kept = hold.scratch_folder(taken.lease.token)
    kept.mkdir()
    workers.sweep(workers.sweep(set()))
    assert kept.exists()


def test_a_process_that_a_dead_attempt_left_is_swept(scratch: Path) -> None:
    environment = {**os.environ, processes.MARK: str(uuid.uuid4())}
    adopted = subprocess.Popen(["sleep", "600"], env=environment)
    while not processes.mark_of(adopted.pid):
        pass  # it is becoming `sleep`
    workers.sweep(workers.sweep(set()))
    assert adopted.wait(60) == -9


def test_what_is_not_ours_is_not_swept(scratch: Path) -> None:
    (scratch / "notes-of-the-operator").mkdir()
    neighbour = subprocess.Popen(["sleep", "600"])
    workers.sweep(workers.sweep(set()))
    assert (scratch / "notes-of-the-operator").exists()
    assert neighbour.poll() is None
    neighbour.kill()
    neighbour.wait()
