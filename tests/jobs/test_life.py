"""A job's life, told in the foreground."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from jobs import claim, healing, queue, states
from jobs.context import Context
from jobs.errors import NotAllowed, PermanentError, RetryAt, TemporaryError, WaitUntil
from jobs.models import BackgroundJob, JobQueue, JobStep
from jobs.testing import run_due_jobs
from tests.jobs.conftest import Make

Register = Callable[..., None]
pytestmark = pytest.mark.django_db


def double(context: Context) -> dict[str, Any]:
    return {"doubled": context.input["number"] * 2}


def refuse(context: Context) -> dict[str, Any]:
    raise PermanentError("damaged_file", "The file is damaged. Record it again.", "moov atom not found")


def stumble(context: Context) -> dict[str, Any]:
    raise TemporaryError("busy", "The service is busy.")


def test_a_job_completes_with_its_output_and_leaves_the_queue(handle: Register, enqueue: Make) -> None:
    handle("double", double)
    job = enqueue("double", input_data={"number": 21})
    assert run_due_jobs() == [job]
    job.refresh_from_db()
    assert (job.status, job.output_data, job.progress_percentage) == ("completed", {"doubled": 42}, 100)
    assert job.completed_at
    assert job.started_at
    assert not JobQueue.objects.exists()
    assert job.attempts.get().outcome == "completed"


def test_every_change_raises_the_version(handle: Register, enqueue: Make) -> None:
    handle("double", double)
    job = enqueue("double", input_data={"number": 1})
    run_due_jobs()
    job.refresh_from_db()
    assert job.version == 3


def test_what_cannot_get_better_fails_at_once_with_its_reason(handle: Register, enqueue: Make) -> None:
    handle("refuse", refuse)
    job = enqueue("refuse")
    run_due_jobs()
    job.refresh_from_db()
    assert (job.status, job.retry_count) == ("failed", 0)
    assert job.error_data
    assert job.error_data["code"] == "damaged_file"
    assert job.error_data["message"] == "The file is damaged. Record it again."
    assert not job.error_data["retryable"]


def test_what_may_get_better_is_tried_again_until_its_retries_are_used_up(handle: Register, enqueue: Make) -> None:
    handle("stumble", stumble, max_retries=2)
    job = enqueue("stumble")
    run_due_jobs()
    job.refresh_from_db()
    assert (job.status, job.retry_count) == ("pending", 1)
    assert job.next_retry_at
    assert job.next_retry_at > datetime.datetime.now(datetime.UTC)
    assert run_due_jobs() == []
    run_due_jobs(ignore_backoff=True)
    job.refresh_from_db()
    assert (job.status, job.retry_count) == ("failed", 2)
    assert job.next_retry_at is None
    assert [attempt.number for attempt in job.attempts.all()] == [1, 2, 3]


def test_the_time_the_other_side_names_is_respected(handle: Register, enqueue: Make) -> None:
    when = datetime.datetime(2199, 1, 1, tzinfo=datetime.UTC)

    def later(context: Context) -> dict[str, Any]:
        raise RetryAt(when, "rate_limited", "The service asked us to wait.")

    handle("later", later)
    job = enqueue("later")
    run_due_jobs()
    job.refresh_from_db()
    assert job.next_retry_at == when
    assert job.queue_row.run_at == when


def test_waiting_for_a_service_that_is_down_uses_up_no_attempt(handle: Register, enqueue: Make) -> None:
    when = datetime.datetime(2199, 1, 1, tzinfo=datetime.UTC)
    answers = iter([False, False, True])

    def call(context: Context) -> dict[str, Any]:
        if not next(answers):
            raise WaitUntil(when, "service_down", "The service is down.")
        return {}

    handle("call", call, max_retries=0)
    job = enqueue("call", max_retries=0)
    run_due_jobs()
    job.refresh_from_db()
    assert (job.status, job.retry_count, job.next_retry_at) == ("pending", 0, when)
    assert job.error_data
    assert job.error_data["code"] == "service_down"

    queue.retry(job.pk)
    assert len(run_due_jobs()) == 1
    run_due_jobs(ignore_backoff=True)
    job.refresh_from_db()
    assert (job.status, job.error_data) == ("completed", None)
    assert [attempt.number for attempt in job.attempts.order_by("started_at")] == [1, 1, 1]


def test_a_stored_step_is_never_run_again(handle: Register, enqueue: Make) -> None:
    paid = []

    def pay_then_stumble(context: Context) -> dict[str, Any]:
        receipt = context.step("pay", lambda: paid.append(1) or {"receipt": (1, 2)})  # type: ignore[func-returns-value]
        if len(context.job.attempts.all()) == 1:
            raise TemporaryError("busy", "The service is busy.")
        return {"receipt": receipt}

    handle("pay", pay_then_stumble)
    job = enqueue("pay")
    run_due_jobs(ignore_backoff=True)
    job.refresh_from_db()
    assert job.output_data == {"receipt": {"receipt": [1, 2]}}
    assert paid == [1]
    assert JobStep.objects.get(job=job).name == "pay"


def test_what_waits_runs_after_what_it_waits_for(handle: Register, enqueue: Make) -> None:
    handle("double", double)
    first = enqueue("double", input_data={"number": 1}, priority=10)
    second = enqueue("double", input_data={"number": 2}, depends_on=first, priority=1)
    assert run_due_jobs() == [first, second]


def test_what_waits_for_a_failure_fails_with_it_and_is_revived_with_it(handle: Register, enqueue: Make) -> None:
    handle("refuse", refuse)
    handle("double", double)
    first = enqueue("refuse")
    second = enqueue("double", input_data={"number": 2}, depends_on=first)
    third = enqueue("double", input_data={"number": 3}, depends_on=second)
    run_due_jobs()
    for job in (second, third):
        job.refresh_from_db()
        assert job.status == "failed"
        assert job.error_data
        assert job.error_data["code"] == "dependency_failed"
    with pytest.raises(NotAllowed):
        queue.retry(second.id)
    handle("refuse", double)
    BackgroundJob.objects.filter(pk=first.pk).update(input_data={"number": 1})
    queue.retry(first.id)
    assert run_due_jobs() == [first, second, third]
    third.refresh_from_db()
    assert third.status == "completed"


def test_what_is_made_to_wait_for_a_failure_fails_at_once(handle: Register, enqueue: Make) -> None:
    handle("refuse", refuse)
    first = enqueue("refuse")
    run_due_jobs()
    assert enqueue("refuse", depends_on=first).status == "failed"


def test_a_cancelled_waiting_job_takes_with_it_what_waits_for_it(handle: Register, enqueue: Make) -> None:
    handle("double", double)
    first = enqueue("double")
    second = enqueue("double", depends_on=first)
    queue.cancel(first.id)
    queue.cancel(first.id)
    second.refresh_from_db()
    assert second.status == "cancelled"
    assert run_due_jobs() == []
    assert not JobQueue.objects.exists()
    queue.retry(first.id)
    assert JobQueue.objects.count() == 2


def test_a_running_job_that_is_cancelled_stops_at_its_next_report(handle: Register, enqueue: Make) -> None:
    reached = []

    def cancel_myself(context: Context) -> dict[str, Any]:
        queue.cancel(context.job.id)
        context.step("pay", lambda: reached.append("paid"))
        return {}

    handle("selfish", cancel_myself)
    job = enqueue("selfish")
    run_due_jobs()
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert reached == []


def test_a_completed_job_refuses_cancel_and_retry(handle: Register, enqueue: Make) -> None:
    handle("double", double)
    job = enqueue("double", input_data={"number": 1})
    run_due_jobs()
    with pytest.raises(NotAllowed):
        queue.cancel(job.id)
    with pytest.raises(NotAllowed):
        queue.retry(job.id)


def test_due_jobs_start_by_priority_then_age(handle: Register, enqueue: Make) -> None:
    handle("double", double)
    jobs = [enqueue("double", input_data={"number": 1}, priority=priority) for priority in (5, 1, 5, 10, 1)]
    assert run_due_jobs() == [jobs[1], jobs[4], jobs[0], jobs[2], jobs[3]]


def test_a_job_with_a_later_time_is_not_due(handle: Register, enqueue: Make) -> None:
    handle("double", double)
    enqueue("double", run_at=datetime.datetime(2199, 1, 1, tzinfo=datetime.UTC))
    assert run_due_jobs() == []


def test_the_guides_clean_up_takes_everything_of_a_job_along(handle: Register, enqueue: Make) -> None:
    handle("pay", lambda context: context.step("pay", dict))
    job = enqueue("pay")
    waiting = enqueue("pay", depends_on=job)
    run_due_jobs()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM background_jobs WHERE id = %s", [job.id])
    assert not JobStep.objects.filter(job_id=job.id).exists()
    waiting.refresh_from_db()
    assert waiting.depends_on_id is None


def test_a_handed_back_attempt_is_not_counted_after_a_cancel_and_a_retry_either(
    handle: Register, enqueue: Make
) -> None:
    handle("double", double)
    job = enqueue("double", input_data={"number": 1})
    taken = claim.take(uuid.uuid4(), "test", claim.Wanted())
    assert isinstance(taken, claim.Claimed)
    assert states.hand_back(taken.lease)
    queue.cancel(job.pk)
    queue.retry(job.pk)
    run_due_jobs()
    assert [(one.number, one.outcome) for one in job.attempts.all()] == [(1, "handed_back"), (1, "completed")]


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_what_waits_behind_a_job_that_somebody_ended_by_hand_is_ended_too(
    handle: Register, enqueue: Make, status: str
) -> None:
    handle("double", double)
    first = enqueue("double", input_data={"number": 1})
    second = enqueue("double", input_data={"number": 2}, depends_on=first)
    third = enqueue("double", input_data={"number": 3}, depends_on=second)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM job_queue WHERE job_id = %s", [first.pk])
        cursor.execute(
            "UPDATE background_jobs SET status = %s, completed_at = now(), cancel_requested_at = now(),"
            " error_data = '{}' WHERE id = %s",
            [status, first.pk],
        )
    healing.heal()
    for waiting in (second, third):
        waiting.refresh_from_db()
        assert waiting.error_data
        assert (waiting.status, waiting.error_data["code"]) == (status, f"dependency_{status}")
    queue.retry(first.pk)
    run_due_jobs()
    assert set(BackgroundJob.objects.values_list("status", flat=True)) == {"completed"}
