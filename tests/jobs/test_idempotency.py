"""Requests that are sent twice. The two at the same moment commit for real."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from jobs import cleanup, schedules
from jobs.errors import PermanentError
from jobs.models import BackgroundJob, JobAttempt, KeptAnswer
from jobs.testing import run_due_jobs
from tests.jobs.conftest import Make
from trainai.accounts.models import User

pytestmark = pytest.mark.django_db


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def refuse(context: Any) -> dict[str, Any]:
    raise PermanentError("damaged_file", "The file is damaged.")


@pytest.fixture
def failed(request: pytest.FixtureRequest, handle: Callable[..., None], enqueue: Make) -> BackgroundJob:
    """A job that fails each time."""
    handle("refuse", refuse)
    job = enqueue("refuse")
    run_due_jobs()
    return job


def retry(page: Client, job: BackgroundJob, key: str) -> Any:
    return page.post(f"/api/jobs/{job.pk}/retry/", headers={"Idempotency-Key": key})


def test_a_request_sent_twice_is_done_once_and_answered_alike(failed: BackgroundJob, alice: User) -> None:
    page = browser(alice)
    first = retry(page, failed, '"once"')
    run_due_jobs()
    again = retry(page, failed, "once")
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert run_due_jobs() == []
    assert JobAttempt.objects.filter(job=failed).count() == 2


def test_another_request_under_the_same_key_is_refused(failed: BackgroundJob, alice: User) -> None:
    page = browser(alice)
    retry(page, failed, "mine")
    refused = page.post(f"/api/jobs/{failed.pk}/cancel/", headers={"Idempotency-Key": "mine"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "idempotency_key_reused")


def test_a_key_belongs_to_who_sends_it(failed: BackgroundJob, alice: User, bob: User, charlie: User) -> None:
    retry(browser(alice), failed, "ours")
    run_due_jobs()
    assert retry(browser(bob), failed, "ours").status_code == 200
    assert len(run_due_jobs()) == 1
    assert retry(browser(charlie), failed, "ours").status_code == 404


def test_what_was_refused_may_be_sent_again_under_its_key(failed: BackgroundJob, alice: User) -> None:
    page = browser(alice)
    BackgroundJob.objects.filter(pk=failed.pk).update(
        status="completed", progress_percentage=100, error_data=None, output_data={}
    )
    assert retry(page, failed, "later").status_code == 409
    assert not KeptAnswer.objects.exists()


@pytest.mark.parametrize("key", ["", '""', "x" * 256, "t\xe4st"])
def test_a_key_that_is_none_is_refused(failed: BackgroundJob, alice: User, key: str) -> None:
    assert retry(browser(alice), failed, key).status_code == 400


def test_an_answer_is_kept_for_a_day(failed: BackgroundJob, alice: User) -> None:
    retry(browser(alice), failed, "today")
    schedules.clean_up()
    assert KeptAnswer.objects.exists()
    KeptAnswer.objects.update(created_at=timezone.now() - cleanup.ANSWERS_KEPT_FOR - timedelta(minutes=1))
    schedules.clean_up()
    assert not KeptAnswer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_get_the_one_answer(failed: BackgroundJob, alice: User) -> None:
    page, begun = browser(alice), BackgroundJob.objects.get(pk=failed.pk)

    def send() -> Any:
        try:
            return retry(page, begun, "now")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():  # holds both back at the work itself, the second one at the key
            BackgroundJob.objects.select_for_update().get(pk=failed.pk)
            sent: list[Future[Any]] = [pool.submit(send) for _ in range(2)]
            while _waiting() < 2:
                pass
        answers = [future.result(60) for future in sent]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert len(run_due_jobs()) == 1


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction it shows the same people for ever
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted"
            " AND datname = current_database()"
        )
        return int(cursor.fetchone()[0])
