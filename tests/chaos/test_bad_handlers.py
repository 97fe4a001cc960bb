"""Handlers that behave badly: each becomes a finished or a failed job with its reason, and the others go on."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psutil
import pytest

from jobs.models import BackgroundJob, Worker
from tests.chaos.installation import Installation
from tests.processes import wait_ended
from tests.waiting import until

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


def code(job: BackgroundJob) -> str:
    assert job.error_data
    return str(job.error_data["code"])


def pid_after(installation: Installation, words: str) -> int:
    return int(next(line for line in installation.lines() if line.startswith(words)).rpartition(" ")[2])


def test_what_a_handler_leaves_behind_ends_with_its_job(installation: Installation) -> None:
    installation.start(workers=1)
    forked, threaded = installation.enqueue("chaos_fork"), installation.enqueue("chaos_threads")
    installation.settled(forked, "completed")
    assert forked.output_data == {"who": "worker"}
    assert forked.attempts.count() == 1
    stray = pid_after(installation, "forked")
    until(lambda: not psutil.pid_exists(stray), "the end of what was forked")
    installation.settled(threaded, "completed")
    worn = pid_after(installation, "threads of")
    until(lambda: not psutil.pid_exists(worn), "the end of the worker whose threads nobody can end")
    installation.settled(installation.enqueue("chaos_quick"), "completed")


@pytest.mark.parametrize("ends", ["its job ends", "its worker dies"])
def test_a_fork_that_made_itself_a_daemon_ends_when(installation: Installation, ends: str) -> None:
    installation.start(workers=1)
    job = installation.enqueue("chaos_daemon")
    installation.noted("on purpose")
    installation.noted("daemon")
    daemon, other = (psutil.Process(pid_after(installation, which)) for which in ("daemon", "on purpose"))
    if ends == "its job ends":
        installation.gate.touch()
        installation.settled(job, "completed")
    else:
        os.kill(installation.holder(job), signal.SIGKILL)
    assert wait_ended([daemon]) == []
    assert other.is_running()


def test_hungry_jobs_fail_once_with_the_reason_and_a_small_one_goes_on(installation: Installation) -> None:
    installation.start(workers=1, JOB_MEMORY_MB="512")
    hungry = installation.enqueue("chaos_eat")
    installation.settled(hungry, "failed")
    assert (code(hungry), hungry.attempts.count()) == ("out_of_memory", 1)
    assert psutil.pid_exists(pid_after(installation, "ate in"))  # the worker lives
    shared = installation.enqueue("chaos_eat_shared")
    installation.settled(shared, "failed")
    assert (code(shared), shared.attempts.count()) == ("out_of_memory", 1)
    installation.settled(installation.enqueue("chaos_quick"), "completed")


def test_a_job_that_fills_the_disk_fails_before_it_is_full_and_others_go_on(installation: Installation) -> None:
    """So much free is to be left that it is always less: what holds much of it has to go."""
    installation.start(workers=2, DISK_RESERVE_MB=str(2**22))
    modest = installation.enqueue("chaos_two_steps")
    installation.noted("paid first")
    filling = installation.enqueue("chaos_fill", max_retries=1)
    installation.settled(filling, "failed")
    assert code(filling) == "disk_full"
    assert filling.attempts.count() == 2
    folders = [Path(line.partition(" ")[2]) for line in installation.lines() if line.startswith("fills")]
    assert [folder.exists() for folder in folders] == [False, False]
    installation.gate.touch()
    installation.settled(modest, "completed")
    assert modest.attempts.count() == 1


def test_a_handler_that_leaves_takes_its_worker_along_and_is_failed(installation: Installation) -> None:
    installation.start(workers=1)
    left = installation.enqueue("chaos_leave")
    installation.settled(left, "failed")
    assert (code(left), installation.lines().count("left")) == ("worker_died", 2)


def test_a_handler_that_sticks_in_c_loses_its_lease_twice_and_its_workers_are_replaced(
    installation: Installation,
) -> None:
    """Nobody helps: each time the lease runs out in silence."""
    installation.start(workers=2)
    stuck = installation.enqueue("chaos_stuck_in_c")
    installation.settled(stuck, "failed")
    assert code(stuck) == "worker_died"
    assert [(one.number, one.outcome) for one in stuck.attempts.all()] == [(1, "lost"), (2, "lost")]
    silent = [int(line.rpartition(" ")[2]) for line in installation.lines() if line.startswith("began in")]
    assert len(set(silent)) == 2
    until(lambda: not any(map(psutil.pid_exists, silent)), "the end of the workers that do not beat")
    until(lambda: Worker.objects.exclude(pid__in=silent).count() == 2, "two workers again")
    installation.settled(installation.enqueue("chaos_quick"), "completed")
