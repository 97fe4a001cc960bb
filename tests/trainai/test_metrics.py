"""Prometheus gets true numbers, and nobody else gets any."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from jobs import queue, registry
from jobs.models import BackgroundJob, JobQueue, Worker
from jobs.testing import run_due_jobs
from jobs.workers import Identity
from trainai.accounts.models import User
from trainings.models import ProviderCall, Service

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    """A job type that works and one that does not."""
    before = dict(registry._handlers)
    registry.handler("good", label="Good")(lambda context: {})
    registry.handler("bad", label="Bad", max_retries=0)(lambda context: {"never": object()})
    yield
    registry._handlers.clear()
    registry._handlers.update(before)


def numbers() -> dict[tuple[str, ...], float]:
    """Ask as Prometheus does; return each sample by its name and its labels in order."""
    answer = Client().get("/metrics")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {
        (one.name, *(value for _, value in sorted(one.labels.items()))): one.value
        for family in families
        for one in family.samples
    }


def test_the_numbers_are_those_of_the_database(alice: User) -> None:
    assert alice.company
    given: dict[str, Any] = {"user": alice, "company": alice.company}
    for job_type in ("good", "good", "bad"):
        queue.enqueue(job_type, **given)
    run_due_jobs()
    waiting = queue.enqueue("good", **given)
    JobQueue.objects.filter(job=waiting).update(run_at=timezone.now() - datetime.timedelta(seconds=90))
    Worker.objects.create(**Identity(resident=True).as_row())
    ProviderCall.objects.create(state="paid", provider="openai", model="ear", kind="transcription", price="0.25")
    Service.objects.create(name="openai ear", failures=5, closed_until=timezone.now() + datetime.timedelta(minutes=1))
    seen = numbers()
    assert seen["trainai_jobs", "good", "pending"] == 1
    assert seen["trainai_jobs_ended_total", "good", "completed"] == 2
    assert seen["trainai_jobs_ended_total", "bad", "failed"] == 1
    assert seen["trainai_job_seconds_count", "good"] == 2
    assert seen["trainai_queue_due", "good"] == 1
    assert 90 <= seen["trainai_queue_oldest_seconds", "good"] < 600
    assert seen["trainai_jobs_stuck",] == 0
    assert sum(value for name, value in seen.items() if name[0] == "trainai_workers") == 1
    assert seen["trainai_provider_cost_dollars_total", "transcription", "ear", "openai", "paid"] == 0.25
    assert seen["trainai_service_resting", "openai ear"] == 1
    assert BackgroundJob.objects.count() == 4


def test_without_a_token_only_this_machine_is_told() -> None:
    assert Client().get("/metrics").status_code == 200
    assert Client(REMOTE_ADDR="10.0.0.7").get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"X-Forwarded-For": "10.0.0.7"}).status_code == 404


def test_with_a_token_only_its_holder_is_told(settings: Settings) -> None:
    settings.METRICS_TOKEN = "a-token-of-ours"
    page = Client(REMOTE_ADDR="10.0.0.7")
    for wrong in ("", "Bearer wrong", "Basic a-token-of-ours"):
        assert page.get("/metrics", headers={"Authorization": wrong}).status_code == 401
    assert page.get("/metrics", headers={"Authorization": "Bearer a-token-of-ours"}).status_code == 200
