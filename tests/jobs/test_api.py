"""The jobs API, through HTTP."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from jobs.models import JobAttempt, Worker
from jobs.testing import run_due_jobs
from jobs.workers import Identity
from tests.jobs.conftest import Make
from tests.waiting import PATIENCE_SECONDS
from trainai.accounts.models import Membership, User

pytestmark = pytest.mark.django_db
Register = Callable[..., None]
TOKEN = "a-secret-of-the-test"


def double(context: Any) -> dict[str, Any]:
    return {"doubled": 2}


@pytest.fixture(autouse=True)
def a_job_type(handle: Register) -> None:
    handle("double", double, label="Doubling")


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_colleague_sees_the_companys_jobs_newest_first(enqueue: Make, bob: User) -> None:
    first, second = enqueue("double"), enqueue("double")
    answer = browser(bob).get("/api/jobs/").json()
    assert [job["id"] for job in answer["results"]] == [str(second.id), str(first.id)]
    assert answer["results"][0]["label"] == "Doubling"


def test_a_path_works_without_its_last_slash(enqueue: Make, bob: User) -> None:
    job = enqueue("double")
    assert browser(bob).get(f"/api/jobs/{job.id}").json()["id"] == str(job.id)
    assert browser(bob).get("/api/jobs").status_code == 200


def test_a_list_is_narrowed(enqueue: Make, alice: User) -> None:
    done = enqueue("double")
    run_due_jobs()
    enqueue("double")
    page = browser(alice)
    assert [job["id"] for job in page.get("/api/jobs/?status=completed").json()["results"]] == [str(done.id)]
    assert page.get("/api/jobs/?job_type=other").json()["results"] == []
    assert page.get(f"/api/jobs/?training={uuid.uuid4()}").json()["results"] == []
    refused = page.get("/api/jobs/?status=odd")
    assert refused.status_code == 400
    assert "status" in refused.json()["error"]["fields"]


def test_long_lists_come_in_pages(enqueue: Make, alice: User) -> None:
    made = {str(enqueue("double").id) for _ in range(5)}
    page = browser(alice)
    seen: list[str] = []
    address = "/api/jobs/?page_size=2"
    while address:
        answer = page.get(address).json()
        seen += [job["id"] for job in answer["results"]]
        address = answer["next"]
    assert len(seen) == 5
    assert set(seen) == made


def test_a_stranger_finds_nothing(enqueue: Make, charlie: User) -> None:
    job = enqueue("double")
    stranger = browser(charlie)
    assert stranger.get("/api/jobs/").json()["results"] == []
    for answer in (
        stranger.get(f"/api/jobs/{job.id}/"),
        stranger.post(f"/api/jobs/{job.id}/cancel/"),
        stranger.post(f"/api/jobs/{job.id}/retry/"),
    ):
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "not_found"


def test_nobody_sees_anything_without_a_login(db: None) -> None:
    assert Client().get("/api/jobs/").status_code == 401


def test_a_job_is_cancelled_and_retried(enqueue: Make, bob: User) -> None:
    job = enqueue("double")
    page = browser(bob)
    assert page.post(f"/api/jobs/{job.id}/cancel/").json()["status"] == "cancelled"
    assert page.post(f"/api/jobs/{job.id}/retry/").json()["status"] == "pending"
    run_due_jobs()
    refused = page.post(f"/api/jobs/{job.id}/cancel/")
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "not_allowed"


def test_a_viewer_looks_but_does_not_touch(enqueue: Make, bob: User) -> None:
    Membership.objects.filter(user=bob).update(role=Membership.Role.VIEWER)
    job = enqueue("double")
    assert browser(bob).get(f"/api/jobs/{job.id}/").status_code == 200
    assert browser(bob).post(f"/api/jobs/{job.id}/cancel/").status_code == 403


def call(body: Any = None, token: str = TOKEN) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Client().post("/api/jobs/process", body or {}, content_type="application/json", headers=headers)


def test_without_a_configured_token_nothing_is_processed(settings: Settings) -> None:
    settings.BACKGROUND_JOB_TOKEN = ""
    assert call().status_code == 503


@pytest.mark.parametrize("token", ["", "wrong", "ä", TOKEN + "x"])
def test_a_wrong_token_is_refused(settings: Settings, token: str) -> None:
    settings.BACKGROUND_JOB_TOKEN = TOKEN
    answer = call(token=token.encode().decode("latin-1"))
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("name", ["token", "access_token", "Authorization", "BACKGROUND_JOB_TOKEN"])
def test_a_token_anywhere_but_in_the_header_is_refused(settings: Settings, enqueue: Make, name: str) -> None:
    settings.BACKGROUND_JOB_TOKEN = TOKEN
    job = enqueue("double")
    for text in (TOKEN, f"Bearer {TOKEN}"):
        in_address = Client().post("/api/jobs/process", {}, content_type="application/json", query_params={name: text})
        in_body = call({name: text}, token="")
        in_form = Client().post("/api/jobs/process", {name: text})
        assert [answer.status_code for answer in (in_address, in_body, in_form)] == [401] * 3
    job.refresh_from_db()
    assert job.status == "pending"


def test_an_unknown_type_or_limit_is_refused(settings: Settings) -> None:
    settings.BACKGROUND_JOB_TOKEN = TOKEN
    assert "jobTypes" in call({"jobTypes": ["odd"]}).json()["error"]["fields"]
    assert call({"limit": 0}).status_code == 400
    assert call({"jobTypes": "double"}).status_code == 400


def test_live_workers_are_woken(settings: Settings, enqueue: Make) -> None:
    settings.BACKGROUND_JOB_TOKEN = TOKEN
    Worker.objects.create(**Identity(resident=True).as_row())
    jobs = [enqueue("double") for _ in range(3)]
    answer = call({"jobTypes": ["double"], "limit": 2})
    assert answer.status_code == 202
    assert answer.json() == {
        "dispatched": [str(job.id) for job in jobs[:2]],
        "processed": [],
        "failed": [],
        "rescued": 0,
        "remaining": 1,
        "workers": 1,
    }


@pytest.mark.django_db(transaction=True)
def test_without_workers_the_request_does_the_work(settings: Settings, enqueue: Make, handle: Register) -> None:
    settings.BACKGROUND_JOB_TOKEN = TOKEN
    handle("other", double)
    jobs = [enqueue("double") for _ in range(3)]
    enqueue("other")
    answer = call({"jobTypes": ["double"]})
    assert answer.status_code == 200
    assert answer.json()["processed"] == [str(job.id) for job in jobs]
    assert call({"jobTypes": ["double"]}).json()["processed"] == []
    assert call().json()["remaining"] == 0


@pytest.mark.django_db(transaction=True)
def test_fifty_calls_at_once_run_each_job_once(settings: Settings, enqueue: Make, handle: Register) -> None:
    """Real threads with connections of their own. None of them goes on before all have come."""
    settings.BACKGROUND_JOB_TOKEN = TOKEN
    ran, all_here = list[uuid.UUID](), threading.Barrier(50)

    def count(context: Any) -> dict[str, Any]:
        ran.append(context.job.pk)
        return {}

    handle("count", count)
    jobs = [enqueue("count").pk for _ in range(100)]

    def ask(_: int) -> Any:
        try:
            all_here.wait(PATIENCE_SECONDS)
            return call({"limit": 5})
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(ask, range(50)))
    assert {answer.status_code for answer in answers} == {200}
    processed = [uuid.UUID(job) for answer in answers for job in answer.json()["processed"]]
    assert sorted(ran) == sorted(processed) == sorted(jobs)
    assert JobAttempt.objects.filter(outcome="completed").count() == JobAttempt.objects.count() == 100


def test_the_schema_names_the_token(alice: User) -> None:
    schema = browser(alice).get("/api/schema/?format=json").json()
    assert "backgroundJobToken" in schema["components"]["securitySchemes"]
    assert "/api/jobs/process" in schema["paths"]
