"""What is killed, frozen or told to stop; what nobody was told of."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import Any

import psutil
import pytest
from django.db import connection
from django.utils import timezone
from django_q.models import Schedule, Success
from django_q.tasks import async_task

from jobs import limits, queue
from jobs.models import JobQueue, JobStep, Worker
from tests.chaos.installation import Installation
from tests.processes import wait_ended
from tests.waiting import until
from trainai.accounts.models import User

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


def sentinel(installation: Installation, cluster: subprocess.Popen[bytes]) -> psutil.Process:
    return psutil.Process(cluster.pid).children()[0]


def test_a_killed_workers_job_goes_on_at_its_last_finished_step(installation: Installation) -> None:
    installation.start()
    job = installation.enqueue("chaos_two_steps")
    until(lambda: JobStep.objects.filter(job=job, name="first").exists(), "the first step")
    os.kill(installation.holder(job), signal.SIGKILL)
    until(lambda: job.attempts.count() == 2, "a second attempt")
    installation.gate.touch()
    installation.settled(job, "completed")
    assert installation.lines() == ["paid first", "paid second"]
    assert [attempt.outcome for attempt in job.attempts.all()] == ["lost", "completed"]
    assert job.retry_count == 0


def test_a_job_that_kills_its_worker_is_failed_after_two_deaths_and_others_go_on(installation: Installation) -> None:
    installation.start()
    poison = installation.enqueue("chaos_poison", priority=1)
    others = [installation.enqueue("chaos_quick") for _ in range(5)]
    installation.settled(poison, "failed")
    assert poison.error_data
    assert poison.error_data["code"] == "worker_died"
    assert installation.lines().count("drank") == 2
    for other in others:
        installation.settled(other, "completed")


def test_the_cluster_survives_the_death_of_its_idle_workers_pusher_and_monitor(installation: Installation) -> None:
    cluster = installation.start()
    for process in sentinel(installation, cluster).children():
        process.kill()
    for _ in range(4):
        installation.settled(installation.enqueue("chaos_quick"), "completed")
    until(lambda: Worker.objects.count() == 2, "two workers again")


def test_a_cluster_whose_sentinel_is_killed_ends_with_an_error_and_hands_its_job_back(
    installation: Installation,
) -> None:
    cluster = installation.start()
    job = installation.enqueue("chaos_two_steps")
    installation.noted("paid first")
    family = installation.family(cluster)
    sentinel(installation, cluster).kill()
    assert installation.ended(cluster) == 1
    assert wait_ended(family, seconds=0) == []
    installation.settled(job, "pending")
    assert job.queue_row.attempt == 0


def test_nothing_outlives_a_killed_main_process(installation: Installation) -> None:
    cluster = installation.start()
    job = installation.enqueue("chaos_family")
    installation.noted("ready")
    family = installation.family(cluster)
    assert len(family) >= 8
    cluster.kill()
    cluster.wait()
    assert wait_ended(family) == []
    installation.settled(job, "pending")


def test_a_frozen_worker_loses_its_job_and_changes_nothing_any_more(installation: Installation) -> None:
    installation.start()
    job = installation.enqueue("chaos_two_steps")
    installation.noted("paid first")
    frozen = psutil.Process(installation.holder(job))
    frozen.suspend()
    JobQueue.objects.update(leased_until=timezone.now())  # its 15 seconds are over
    until(lambda: job.attempts.count() == 2, "a second attempt")
    frozen.resume()
    installation.gate.touch()
    installation.settled(job, "completed")
    assert sorted(installation.lines()) == ["paid first", "paid second"]
    assert [attempt.outcome for attempt in job.attempts.all()] == ["lost", "completed"]


def test_told_to_stop_a_cluster_hands_back_without_using_an_attempt(installation: Installation) -> None:
    cluster = installation.start()
    patient, deaf = installation.enqueue("chaos_two_steps"), installation.enqueue("chaos_deaf")
    installation.noted("paid first")
    installation.noted("began")
    family = installation.family(cluster)
    cluster.terminate()
    assert installation.ended(cluster) == 0
    assert wait_ended(family, seconds=0) == []
    for job in (patient, deaf):
        job.refresh_from_db()
        assert (job.status, job.retry_count, job.queue_row.attempt) == ("pending", 0, 0)
        assert job.attempts.get().outcome == "handed_back"
    assert not Worker.objects.exists()


def test_a_job_that_was_handed_back_is_finished_by_the_next_cluster(installation: Installation) -> None:
    first = installation.start()
    first.terminate()
    installation.ended(first)
    job = installation.enqueue("chaos_two_steps")
    installation.gate.touch()
    installation.start()
    installation.settled(job, "completed")
    assert installation.lines() == ["paid first", "paid second"]


@pytest.mark.parametrize("paused", ["type", "company"])
def test_what_is_paused_stays_so_when_the_workers_are_started_anew(
    installation: Installation, alice: User, charlie: User, paused: str
) -> None:
    first = installation.start(workers=1)
    what: dict[str, Any] = {"job_type": "chaos_quick"} if paused == "type" else {"company": alice.company}
    limits.pause(**what, why="the ground is frozen")
    held = installation.enqueue("chaos_quick", priority=1)
    first.terminate()
    installation.ended(first)
    installation.start(workers=1)
    free = installation.enqueue("chaos_stumble", by=charlie, max_retries=0, priority=9)
    installation.settled(free, "failed")
    held.refresh_from_db()
    assert held.status == "pending"
    assert limits.resume(**what)
    installation.settled(held, "completed")


def test_cancelling_a_running_job_kills_its_whole_family(installation: Installation) -> None:
    cluster = installation.start()
    job = installation.enqueue("chaos_family")
    installation.noted("ready")
    sleepers = until(lambda: three_sleepers(installation.family(cluster)), "a child, a grandchild, one far away")
    queue.cancel(job.id)
    assert wait_ended(sleepers) == []
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert not JobQueue.objects.exists()


def three_sleepers(family: list[psutil.Process]) -> list[psutil.Process]:
    """Return those of `chaos_family` once all three are what they are to become."""
    sleepers = [one for one in family if name_of(one) == "sleep"]
    return sleepers if len(sleepers) == 3 else []


def name_of(process: psutil.Process) -> str:
    """Return the program of a process, empty when it has ended."""
    try:
        return process.name()
    except psutil.NoSuchProcess:
        return ""


def test_a_sleeping_handler_is_woken_by_a_cancel_and_its_worker_goes_on(installation: Installation) -> None:
    installation.start(workers=1)
    job = installation.enqueue("chaos_sleep")
    installation.noted("began in")
    worker = installation.holder(job)
    queue.cancel(job.id)
    installation.settled(installation.enqueue("chaos_quick"), "completed")
    assert Worker.objects.get().pid == worker


def test_a_handler_that_does_not_listen_loses_its_process(installation: Installation) -> None:
    installation.start(workers=1)
    job = installation.enqueue("chaos_deaf")
    installation.noted("began in")
    worker = psutil.Process(installation.holder(job))
    queue.cancel(job.id)
    assert wait_ended([worker]) == []
    installation.settled(installation.enqueue("chaos_quick"), "completed")
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_without_any_notification_jobs_are_still_started_and_cancelled(installation: Installation) -> None:
    installation.start(workers=1)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE job_queue DISABLE TRIGGER job_queue_due")
    try:
        job = installation.enqueue("chaos_sleep")
        installation.noted("began in")
        # What `queue.cancel` writes, by hand and without its notification.
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH gone AS (DELETE FROM job_queue WHERE job_id = %s RETURNING job_id)"
                " UPDATE background_jobs SET status = 'cancelled', completed_at = now(), cancel_requested_at = now()"
                " FROM gone WHERE id = job_id",
                [job.id],
            )
        installation.settled(installation.enqueue("chaos_quick"), "completed")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE job_queue ENABLE TRIGGER job_queue_due")


def test_a_failing_job_uses_up_its_retries_by_itself(installation: Installation) -> None:
    installation.start()
    job = installation.enqueue("chaos_stumble", max_retries=2)
    installation.settled(job, "failed")
    assert installation.lines() == ["stumbled"] * 3
    assert job.retry_count == 2


def test_workers_outlive_their_database_connections(installation: Installation) -> None:
    installation.start()
    job = installation.enqueue("chaos_two_steps")
    installation.noted("paid first")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    installation.gate.touch()
    installation.settled(job, "completed")
    installation.settled(installation.enqueue("chaos_quick"), "completed")
    assert installation.lines()[:2] == ["paid first", "paid second"]


def test_tasks_and_schedules_of_django_q2_run_too(installation: Installation) -> None:
    installation.start()
    async_task("tests.chaos.handlers.plain_task", str(installation.ledger), save=True)
    until(lambda: Success.objects.filter(result="done").exists(), "the task's result")
    Schedule.objects.create(
        func="tests.chaos.handlers.plain_task", args=repr(str(installation.ledger)), schedule_type=Schedule.ONCE
    )
    installation.noted("plain task ran", times=2)
    until(lambda: not JobQueue.objects.exists(), "an empty queue")


def test_two_clusters_run_each_job_once(installation: Installation) -> None:
    installation.start()
    installation.start()
    jobs = [installation.enqueue("chaos_quick") for _ in range(60)]
    for job in jobs:
        installation.settled(job, "completed")
    assert sorted(installation.lines()) == sorted(f"ran {job.id}" for job in jobs)
