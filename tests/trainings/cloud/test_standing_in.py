"""Who works for a company, and that nobody else does without its leave."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from jobs import queue
from jobs.errors import JobError, PermanentError, TemporaryError, WaitUntil
from jobs.models import BackgroundJob
from jobs.testing import run_due_jobs
from tests.fakes import mux as fake_mux
from tests.fakes import openai_ as fake
from tests.fakes.mux import MuxServer
from tests.fakes.openai_ import OpenAIServer
from tests.fakes.pen import write
from tests.fakes.server import Response
from tests.trainings.making import bare_training
from tests.trainings.media.conftest import MakeTraining
from tests.trainings.narration import spoken
from trainai.accounts.models import User
from trainings.company_terms import TermsForm
from trainings.models import CompanyTerms, Segment, Sop, Training, Transcript, Video
from trainings.providers import choosing
from trainings.providers.choosing import Chosen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]
SAID = ("Open the till menu.", "Press refund and wait for the receipt.", "Give the receipt to the customer.")


@pytest.fixture
def narrated(alice: User) -> Training:
    """A training whose transcript is there."""
    training = bare_training(alice)
    transcript = Transcript.objects.create(
        training=training, language="en", model="somebody", completed_at=timezone.now()
    )
    clock = 0.5
    for position, text in enumerate(SAID):
        said = spoken(text, clock)
        clock = said.end + 0.4
        Segment.objects.create(transcript=transcript, position=position, start=said.start, end=said.end, text=text)
    return training


def written(training: Training) -> BackgroundJob:
    job = queue.enqueue("sop_generation", user=training.user, company=training.company, training=training)
    run_due_jobs(["sop_generation"], limit=1)
    job.refresh_from_db()
    return job


def terms(user: User, **values: object) -> CompanyTerms:
    made, _ = CompanyTerms.objects.update_or_create(company=user.company, defaults=values)
    return made


def test_without_leave_nobody_stands_in(narrated: Training, openai: OpenAIServer) -> None:
    openai.faults.append(fake.USED_UP)
    job = written(narrated)
    assert job.status == "failed"
    assert job.error_data
    assert job.error_data["code"] == "quota_used_up"
    assert not Sop.objects.exists()


@pytest.mark.parametrize("fault", [fake.USED_UP, fake.too_many(retry_after="3600")])
def test_with_leave_the_local_writer_does_it_and_page_and_api_say_so(
    narrated: Training, openai: OpenAIServer, alice: User, client: Client, fault: Response
) -> None:
    terms(alice, may_stand_in=True)
    openai.faults.append(fault)
    assert written(narrated).status == "completed"
    assert Sop.objects.get().steps.count() == 4
    client.force_login(alice)
    page = client.get(narrated.get_absolute_url()).content.decode()
    assert "OpenAI could not write the steps, so extractive did." in page
    made_by = client.get(f"/api/trainings/{narrated.pk}/").json()["made_by"]
    assert made_by["steps"] == {"by": "extractive", "instead_of": "openai"}
    assert made_by["transcript"] == {"by": "somebody", "instead_of": ""}
    assert made_by["video"] is None


def test_a_service_that_will_be_back_soon_is_waited_for(narrated: Training, openai: OpenAIServer, alice: User) -> None:
    terms(alice, may_stand_in=True)
    openai.faults.append(fake.too_many(retry_after="20"))
    assert written(narrated).status == "pending"
    assert not Sop.objects.exists()


def test_a_company_over_its_limit_gets_its_steps_where_it_allows_it(
    narrated: Training, openai: OpenAIServer, alice: User
) -> None:
    terms(alice, may_stand_in=True, daily_limit=Decimal("0.000001"))
    assert written(narrated).status == "completed"
    assert openai.requests == []
    assert Sop.objects.get().instead_of == "openai"


def test_a_company_chooses_for_itself(
    narrated: Training, openai: OpenAIServer, alice: User, charlie: User, settings: Settings
) -> None:
    settings.SOP_WRITER = "extractive"
    openai.pen = write
    terms(alice, sop_writer="openai")
    assert written(narrated).status == "completed"
    assert len(openai.requests) == 1
    assert Sop.objects.get().writer.startswith("openai")
    assert charlie.company
    assert choosing.chosen("sop_writer", charlie.company.pk) == "extractive"


def test_a_choice_whose_key_was_taken_away_says_what_to_do(
    narrated: Training, openai: OpenAIServer, alice: User, settings: Settings
) -> None:
    terms(alice, sop_writer="openai")
    settings.SOP_WRITER, settings.OPENAI_API_KEY = "extractive", ""
    job = written(narrated)
    assert job.status == "failed"
    assert job.error_data
    assert job.error_data["code"] == "not_configured"
    assert "OPENAI_API_KEY" in job.error_data["message"]


def test_where_mux_refuses_the_video_streams_from_here(
    mux: MuxServer, make_training: MakeTraining, alice: User, client: Client
) -> None:
    training = make_training("good")
    CompanyTerms.objects.create(company=training.company, may_stand_in=True)
    mux.faults.append(fake_mux.problem(401, "unauthorized", "Unauthorized request"))
    queue.enqueue("mux_upload", user=training.user, company=training.company, training=training)
    run_due_jobs(["mux_upload"], limit=1)
    video = Video.objects.get()
    assert (video.host, video.instead_of) == ("hls", "mux")
    client.force_login(training.user)
    assert "Mux could not take the video" in client.get(training.get_absolute_url()).content.decode()


def wait(seconds: float, code: str) -> WaitUntil:
    return WaitUntil(timezone.now() + datetime.timedelta(seconds=seconds), code, "Later.")


@pytest.mark.parametrize(
    "error",
    [
        PermanentError("no_steps_found", "Nobody says what to do."),
        PermanentError("language_not_supported", "Not in English."),
        TemporaryError("service_down", "It is tried again."),
        wait(3600, "video_preparing"),
        wait(5, "service_down"),
    ],
)
def test_nobody_stands_in_for_what_lies_in_the_recording_or_passes(error: JobError, alice: User) -> None:
    terms(alice, may_stand_in=True, sop_writer="openai")
    asked: list[Chosen] = []

    def work(who: Chosen) -> None:
        asked.append(who)
        raise error

    assert alice.company
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choosing, "is_configured", lambda name: True)
        with pytest.raises(type(error)):
            choosing.do("sop_writer", alice.company.pk, work)
    assert asked == [Chosen("openai")]


def test_only_what_can_work_here_is_offered(alice: User, settings: Settings) -> None:
    assert alice.company
    settings.OPENAI_API_KEY, settings.MUX_TOKEN_ID = "", "token"
    form = TermsForm({"company": str(alice.company.pk), "transcriber": "openai"})
    assert "transcriber" in form.errors
    assert TermsForm({"company": str(alice.company.pk), "video_host": "mux"}).is_valid()


def test_one_who_goes_on_where_another_stopped_is_named_after_it(tmp_path: Path) -> None:
    from trainings.handlers.transcription import _note_who

    transcript = Transcript(heard_until=0.0)
    _note_who(transcript, "openai whisper-1", Chosen("openai"))
    transcript.heard_until = 30.0
    _note_who(transcript, "whisper base", Chosen("whisper", instead_of="openai"))
    assert transcript.model == "openai whisper-1, then whisper base"
    assert transcript.instead_of == "openai"
