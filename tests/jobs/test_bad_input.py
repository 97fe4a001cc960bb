"""What nobody should ask for is refused with the reason; what is in the rows all the same becomes a failed job."""

from __future__ import annotations

import datetime
import errno
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from jobs import queue
from jobs.context import Context
from jobs.errors import UnknownJobType
from jobs.models import BackgroundJob, JobQueue
from jobs.testing import run_due_jobs
from tests.jobs.conftest import Make
from trainai.accounts.models import User

pytestmark = pytest.mark.django_db
Register = Callable[..., None]
TAKES = {"question": str, "page": int | None}


def nested(levels: int) -> list[Any]:
    inner: list[Any] = []
    for _ in range(levels):
        inner = [inner]
    return inner


def nothing(context: Context) -> dict[str, Any]:
    return {}


def ended(job: BackgroundJob) -> tuple[str, str, str]:
    """Run what is due; return the job's state, code and technical reason."""
    run_due_jobs()
    job.refresh_from_db()
    data = job.error_data or {"code": "", "detail": ""}
    assert not JobQueue.objects.filter(job=job, token__isnull=False).exists()
    return job.status, data["code"], data["detail"]


def by_hand(job: BackgroundJob, statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE background_jobs SET {statement} WHERE id = %s", [*values, job.id])  # noqa: S608


def test_a_type_that_nobody_handles_is_refused(enqueue: Make) -> None:
    with pytest.raises(UnknownJobType, match="Known:"):
        enqueue("astrology")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"text": "x" * 10_000_000}, "bytes: at most 1,000,000"),
        ({"text": "a\0b"}, "NUL"),
        ({"text": "\ud83d"}, "half a character"),
        ({"text": "\ud83d\ude00"}, "half a character"),
        ({"a\0": 1}, "NUL"),
        ({1: "one"}, "the name 1 is no text"),
        ({"number": float("nan")}, "not JSON"),
        ({"number": 10**5000}, "not JSON"),
        ({"deep": nested(5000)}, "not JSON"),
        ({"thing": object()}, "not JSON"),
        (["a list"], "a list, not an object"),
    ],
)
def test_input_that_no_row_can_hold_is_refused(handle: Register, enqueue: Make, given: Any, why: str) -> None:
    handle("any", nothing)
    with pytest.raises(ValueError, match=why):
        enqueue("any", input_data=given)
    assert not BackgroundJob.objects.exists()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"priority": 0}, "priority is 0"),
        ({"priority": 11}, "priority is 11"),
        ({"priority": True}, "priority is True"),
        ({"priority": "5"}, "priority is '5'"),
        ({"max_retries": -1}, "max_retries is -1"),
        ({"max_retries": 10**10}, "max_retries is 10000000000"),
        ({"run_at": datetime.datetime(2030, 1, 1)}, "needs a time zone"),  # noqa: DTZ001
    ],
)
def test_numbers_and_times_that_no_row_can_hold_are_refused(
    handle: Register, enqueue: Make, given: dict[str, Any], why: str
) -> None:
    handle("any", nothing)
    with pytest.raises(ValueError, match=why):
        enqueue("any", **given)
    assert not BackgroundJob.objects.exists()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "question is missing"),
        ({"question": 7}, "question is int, not str"),
        ({"question": "why?", "page": True}, "page is bool"),
        ({"question": "why?", "colour": "red"}, "nobody knows colour"),
    ],
)
def test_input_that_does_not_fit_its_handler_is_refused_and_fails_when_it_is_in_the_row(
    handle: Register, enqueue: Make, given: dict[str, Any], why: str
) -> None:
    handle("ask", nothing, takes=TAKES)
    with pytest.raises(ValueError, match=why):
        enqueue("ask", input_data=given)
    job = enqueue("ask", input_data={"question": "why?"})
    by_hand(job, "input_data = %s::jsonb", json.dumps(given))
    status, code, detail = ended(job)
    assert (status, code) == ("failed", "bad_input")
    assert why in detail


@pytest.mark.parametrize("row", ["null", "[1]", '"text"'])
def test_a_row_whose_input_is_no_object_fails(handle: Register, enqueue: Make, row: str) -> None:
    handle("any", nothing)
    job = enqueue("any")
    by_hand(job, "input_data = %s::jsonb", row)
    assert ended(job)[:2] == ("failed", "bad_input")


def test_a_row_of_a_type_that_nobody_handles_any_more_fails(handle: Register, enqueue: Make) -> None:
    handle("any", nothing)
    job = enqueue("any")
    by_hand(job, "job_type = 'astrology'")
    assert ended(job)[:2] == ("failed", "unknown_job_type")


@pytest.mark.parametrize(
    "output", [None, 7, {"a": object()}, {"a": float("nan")}, {"a": "\0"}, {"a": "\ud83d"}, {"a": "x" * 1_000_001}]
)
def test_an_output_that_no_row_can_hold_fails_the_job(handle: Register, enqueue: Make, output: Any) -> None:
    handle("odd", lambda context: output)
    assert ended(enqueue("odd"))[:2] == ("failed", "bad_output")


def test_a_backslash_is_no_nul(handle: Register, enqueue: Make) -> None:
    handle("path", lambda context: {"path": r"C:\u0000"})
    assert ended(enqueue("path"))[0] == "completed"


def test_a_steps_result_that_no_row_can_hold_fails_the_job(handle: Register, enqueue: Make) -> None:
    handle("odd", lambda context: {"a": context.step("look", lambda: {"seen": "\0"})})
    status, code, detail = ended(enqueue("odd"))
    assert (status, code) == ("failed", "bad_output")
    assert "step look" in detail


def test_a_message_that_no_row_can_hold_is_told_as_far_as_it_can(handle: Register, enqueue: Make) -> None:
    def talk(context: Context) -> dict[str, Any]:
        context.report(10, "part \0 \ud83d")
        return {}

    handle("talk", talk)
    assert ended(enqueue("talk"))[0] == "completed"


@pytest.mark.parametrize(
    ("error", "state", "code"),
    [
        (SystemExit(3), "failed", "exited"),
        (MemoryError(), "failed", "out_of_memory"),
        (OSError(errno.ENOSPC, "No space left on device"), "pending", "disk_full"),
        (RecursionError(), "failed", "unexpected"),
    ],
)
def test_an_end_that_nobody_planned_has_its_reason(
    handle: Register, enqueue: Make, error: BaseException, state: str, code: str
) -> None:
    def end(context: Context) -> dict[str, Any]:
        raise error

    handle("end", end)
    job = enqueue("end", max_retries=1 if state == "pending" else 0)
    assert ended(job)[:2] == (state, code)


def test_a_dependency_is_a_job_of_the_same_company(handle: Register, enqueue: Make, charlie: User) -> None:
    handle("any", nothing)
    assert charlie.company
    with pytest.raises(ValueError, match="another company"):
        enqueue("any", depends_on=queue.enqueue("any", user=charlie, company=charlie.company))


def test_a_dependency_must_exist_and_be_another_job(handle: Register, enqueue: Make) -> None:
    handle("any", nothing)
    job, gone = enqueue("any"), enqueue("any")
    BackgroundJob.objects.filter(pk=gone.pk).delete()
    with pytest.raises(ValueError, match="does not exist"):
        enqueue("any", depends_on=gone)
    with pytest.raises(IntegrityError, match="job_never_waits_for_itself"), transaction.atomic():
        by_hand(job, "depends_on_id = id")


def test_verbs_say_why_they_do_not_act(handle: Register, enqueue: Make, bob: User) -> None:
    handle("any", nothing)
    page = Client()
    page.force_login(bob)
    job, unknown = enqueue("any"), uuid.uuid4()
    by_hand(job, "status = 'processing', started_at = now()")
    answer = page.post(f"/api/jobs/{job.id}/retry/")
    assert (answer.status_code, "processing" in answer.json()["error"]["message"]) == (409, True)
    assert page.post(f"/api/jobs/{unknown}/retry/").status_code == 404
    assert page.post(f"/api/jobs/{unknown}/cancel/").status_code == 404
    for command in ("retry_jobs", "cancel_jobs"):
        with pytest.raises(CommandError, match="No such job"):
            call_command(command, unknown)
    with pytest.raises(CommandError, match="1 refused"):
        call_command("retry_jobs", job.id)


def test_a_request_of_ten_megabytes_is_refused_in_a_few_words(settings: Settings) -> None:
    settings.BACKGROUND_JOB_TOKEN = "token"
    headers = {"Authorization": "Bearer token"}
    given = {"jobTypes": ["x" * 10_000_000]}
    answer = Client().post("/api/jobs/process", given, content_type="application/json", headers=headers)
    assert answer.status_code == 400
    assert len(answer.content) < 500
