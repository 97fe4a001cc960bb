"""What an operator sees of paid calls."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from jobs import queue
from jobs.models import BackgroundJob, JobAttempt
from jobs.testing import run_due_jobs
from tests.fakes.openai_ import OpenAIServer
from tests.trainings.making import bare_training
from trainai.accounts.models import User
from trainings import job_costs
from trainings.models import ProviderCall, Segment, Service, Transcript

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    """An operator at the admin."""
    client.force_login(User.objects.create_superuser("operator@example.com", "a long enough password"))
    return client


def test_the_ledger_says_what_the_shown_calls_cost_together(desk: Client, alice: User) -> None:
    for price in ("0.25", "0.50"):
        ProviderCall.objects.create(provider="openai", model="my-pen", kind="sop", price=Decimal(price))
    ProviderCall.objects.create(provider="openai", model="my-ear", kind="transcription", price=Decimal(1))
    assert "1.75 US dollars" in desk.get("/admin/trainings/providercall/").content.decode()
    assert "0.75 US dollars" in desk.get("/admin/trainings/providercall/?kind=sop").content.decode()


@pytest.mark.parametrize("name", ["service", "companyterms", "companyterms/add"])
def test_the_other_pages_open(desk: Client, name: str) -> None:
    assert desk.get(f"/admin/trainings/{name}/").status_code == 200


def test_nobody_writes_into_the_ledger(desk: Client) -> None:
    assert desk.get("/admin/trainings/providercall/add/").status_code == 403


def test_the_ledger_adds_up_by_day_company_and_training(desk: Client, alice: User) -> None:
    training = uuid.uuid4()
    for price in ("0.25", "0.50"):
        ProviderCall.objects.create(
            provider="openai", model="my-pen", kind="sop", price=Decimal(price), company=alice.company,
            training_id=training, input_tokens=100, output_tokens=20,
        )  # fmt: skip
    ProviderCall.objects.create(provider="openai", model="my-ear", kind="transcription", price=Decimal(1), seconds=60)
    by_company = {line.name: line for line in job_costs.by(ProviderCall.objects.all(), "company")}
    assert (by_company["Corner shop"].price, by_company["Corner shop"].tokens) == (Decimal("0.75"), 240)
    assert [line.price for line in job_costs.by(ProviderCall.objects.all(), "training")] == [1, Decimal("0.75")]
    assert [line.calls for line in job_costs.by(ProviderCall.objects.all(), "day")] == [3]
    page = desk.get("/admin/trainings/providercall/").content.decode()
    assert "Corner shop" in page
    assert str(training) in page


def test_a_jobs_page_says_what_its_calls_cost(desk: Client, alice: User, media_root: Path) -> None:
    training = bare_training(alice)
    job = queue.enqueue("sop_generation", user=alice, company=training.company, training=training)
    address = f"/admin/jobs/backgroundjob/{job.pk}/change/"
    assert "Calls to services" not in desk.get(address).content.decode()
    ProviderCall.objects.create(
        provider="openai", model="my-pen", kind="sop", price=Decimal("0.0123"), job_id=job.pk, output_tokens=7
    )
    page = desk.get(address).content.decode()
    assert "Calls to services" in page
    assert "1 call, 0 s of sound, 7 tokens, $0.0123" in page


def test_a_line_of_the_desk_tells_what_its_job_cost(desk: Client, alice: User) -> None:
    assert alice.company
    job = queue.enqueue("sop_generation", user=alice, company=alice.company, training=bare_training(alice))
    for price in ("0.25", "0.50"):
        ProviderCall.objects.create(provider="openai", model="my-pen", kind="sop", price=Decimal(price), job_id=job.pk)
    assert "$0.7500" in desk.get("/admin/jobs/backgroundjob/").content.decode()


def test_the_desk_tells_which_service_rests_and_what_is_free_on_the_disk(desk: Client) -> None:
    first = desk.get("/admin/").content.decode()
    assert "none is out of order" in first
    assert "GB free on this host" in first
    until = timezone.now() + datetime.timedelta(minutes=5)
    Service.objects.create(name="openai my-ear", failures=3, closed_until=until, reason="service_down")
    assert "openai my-ear is not called until" in desk.get("/admin/").content.decode()


def test_where_to_get_a_key_is_a_link_for_whoever_runs_this_and_for_nobody_else(
    client: Client, alice: User, openai: OpenAIServer, settings: Settings
) -> None:
    settings.OPENAI_API_KEY = "an-old-key"
    training = bare_training(alice)
    transcript = Transcript.objects.create(training=training, language="en", completed_at=timezone.now())
    Segment.objects.create(transcript=transcript, position=0, start=0.5, end=2.0, text="Open the till menu.")
    job = queue.enqueue("sop_generation", user=alice, company=training.company, training=training)
    run_due_jobs(["sop_generation"])
    link = '<a href="https://platform.openai.com/api-keys" rel="nofollow">'

    client.force_login(alice)
    page = client.get(training.get_absolute_url()).content.decode()
    assert "platform.openai.com/api-keys" in page
    assert link not in page
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    for address in (training.get_absolute_url(), f"/admin/jobs/backgroundjob/{job.pk}/change/"):
        assert link in client.get(address).content.decode(), address
    for rows in (BackgroundJob, JobAttempt):
        rows.objects.update(error_data={"code": "key_refused", "message": "<script>alert(1)</script>", "detail": ""})
    for address in (training.get_absolute_url(), f"/admin/jobs/backgroundjob/{job.pk}/change/"):
        assert "<script>alert" not in client.get(address).content.decode(), address
