"""What the main process of the workers does for them, whatever happens."""

from __future__ import annotations

import os
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from jobs import claim, hold, processes, workers
from jobs.keeper import Keeper
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
    workers.sweep(workers.sweep(set()))
    assert adopted.wait(10) == -9


def test_what_is_not_ours_is_not_swept(scratch: Path) -> None:
    (scratch / "notes-of-the-operator").mkdir()
    neighbour = subprocess.Popen(["sleep", "600"])
    workers.sweep(workers.sweep(set()))
    assert (scratch / "notes-of-the-operator").exists()
    assert neighbour.poll() is None
    neighbour.kill()
    neighbour.wait()
