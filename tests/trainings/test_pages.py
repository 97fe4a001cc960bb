"""The product's pages, as the server renders them."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from jobs.models import BackgroundJob
from tests.trainings.making import bare_training, ready_training
from trainai.accounts.models import User
from trainings import pipeline
from trainings.models import Training, Video

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(media_root: Path) -> None:
    """Every test has files of its own."""


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_whoever_is_not_logged_in_is_asked_to() -> None:
    for path in ("/", "/trainings/new/", "/jobs/"):
        assert Client().get(path)["Location"] == f"/accounts/login/?next={path}"


def test_an_empty_list_offers_the_first_step_to_those_who_may_take_it(alice: User, vera: User) -> None:
    assert "Your first training starts" in logged_in(alice).get("/").content.decode()
    assert "Your first training starts" not in logged_in(vera).get("/").content.decode()


def test_the_list_shows_the_company_s_trainings_and_no_other(alice: User, bob: User, charlie: User) -> None:
    ready_training(alice)
    bare_training(charlie, "Secret")
    shown = logged_in(bob).get("/").content.decode()
    assert "Refund an order" in shown
    assert "poster.webp" in shown
    assert "Secret" not in shown


@pytest.mark.parametrize("path", ["/", "/jobs/"])
def test_more_trainings_cost_no_more_queries(
    alice: User, path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        ready_training(alice)
        pipeline.enqueue_jobs(bare_training(alice, f"Training {number}"))
    client = logged_in(alice)
    with django_assert_max_num_queries(21):
        client.get(path)


def test_a_training_shows_everything_that_was_made(alice: User) -> None:
    training = ready_training(alice)
    shown = logged_in(alice).get(f"/trainings/{training.id}/").content.decode()
    for made in (
        "Open the till menu",
        "Never &lt;refund&gt; twice.",
        "If the till is locked, ask.",
        "Then press &lt;refund&gt; &amp; wait.",
        "Wait for the receipt.",
        "master.m3u8",
        "/sop.md",
        "/transcript.srt",
        'data-seek="1"',
        "not yet compared",
    ):
        assert made in shown, made


def test_a_training_being_made_says_by_whom_and_when_each_part_was_done(alice: User, bob: User) -> None:
    training = bare_training(alice)
    pipeline.enqueue_jobs(training)
    done = datetime.datetime(2026, 1, 2, 14, 9, tzinfo=datetime.UTC)
    training.jobs.filter(job_type="transcription").update(
        status="completed", progress_percentage=100, started_at=done, completed_at=done
    )
    page = logged_in(bob).get(f"/trainings/{training.id}/").content.decode()
    assert '<time datetime="2026-01-02T14:09:00Z" data-clock>Jan. 2, 2026, 14:09 UTC</time>' in page
    assert "safe on the server" in page
    assert re.search(r'made by Alice, <time datetime="[0-9T:.+-]+">today</time>', page)


def test_a_stopped_training_says_who_stopped_it(alice: User, bob: User) -> None:
    training = bare_training(alice)
    pipeline.enqueue_jobs(training)
    client = logged_in(bob)
    client.post(f"/trainings/{training.id}/cancellation/")
    assert "Bob stopped it." in client.get(f"/trainings/{training.id}/").content.decode()


def test_a_recording_of_sound_alone_waits_for_no_pictures(alice: User) -> None:
    training = ready_training(alice)
    Video.objects.filter(training=training).update(width=0, height=0)
    shown = logged_in(alice).get(f"/trainings/{training.id}/").content.decode()
    assert "sound only, so there are no pictures" in shown
    assert "data-sound-only" in shown
    assert "not yet compared" not in shown


def test_a_page_of_another_company_is_not_found_whatever_the_verb(alice: User, charlie: User) -> None:
    training = ready_training(alice)
    stranger = logged_in(charlie)
    assert stranger.get(f"/trainings/{training.id}/").status_code == 404
    for verb in ("title", "cancellation", "continuation", "removal"):
        assert stranger.post(f"/trainings/{training.id}/{verb}/").status_code == 404
    job = training.jobs.first()
    assert job
    for verb in ("cancellation", "retry"):
        assert stranger.post(f"/jobs/{job.id}/{verb}/").status_code == 404


def test_a_viewer_may_look_and_nothing_else(alice: User, vera: User) -> None:
    training = ready_training(alice)
    viewer = logged_in(vera)
    shown = viewer.get(f"/trainings/{training.id}/").content.decode()
    assert "data-rename" not in shown
    assert "Delete" not in shown
    for verb in ("title", "cancellation", "continuation", "removal"):
        assert viewer.post(f"/trainings/{training.id}/{verb}/", {"title": "X"}).status_code == 403
    job = training.jobs.first()
    assert job
    assert viewer.post(f"/jobs/{job.id}/retry/").status_code == 403


def test_only_the_fragments_asked_for_are_rendered(alice: User) -> None:
    training = ready_training(alice)
    client = logged_in(alice)
    answer = client.get(f"/trainings/{training.id}/", headers={"X-Fragments": "state,steps,nonsense"})
    shown = answer.content.decode()
    assert 'data-fragment="state"' in shown
    assert 'data-fragment="steps"' in shown
    assert "<html" not in shown
    assert 'data-fragment="transcript"' not in shown


def test_a_title_without_letters_is_refused(alice: User) -> None:
    training = bare_training(alice)
    answer = logged_in(alice).post(f"/trainings/{training.id}/title/", {"title": "  "}, follow=True)
    assert "A training needs a title." in answer.content.decode()
    training.refresh_from_db()
    assert training.title == "Refund an order"


def test_cancelling_and_going_on_reach_every_part(alice: User) -> None:
    training = bare_training(alice)
    pipeline.enqueue_jobs(training)
    client = logged_in(alice)
    client.post(f"/trainings/{training.id}/cancellation/")
    assert {job.status for job in training.jobs.all()} == {"cancelled"}
    client.post(f"/trainings/{training.id}/continuation/")
    assert {job.status for job in training.jobs.all()} == {"pending"}


def test_a_form_leads_back_to_our_own_pages_only(alice: User) -> None:
    training = bare_training(alice)
    pipeline.enqueue_jobs(training)
    job = BackgroundJob.objects.filter(job_type="mux_upload").get()
    client = logged_in(alice)
    answer = client.post(f"/jobs/{job.id}/cancellation/", {"next": "https://elsewhere.example/"})
    assert answer["Location"] == "/jobs/"
    answer = client.post(f"/jobs/{job.id}/retry/", {"next": "/jobs/?show=waiting"})
    assert answer["Location"] == "/jobs/?show=waiting"


def test_a_deleted_training_is_gone_from_every_page(alice: User) -> None:
    training = ready_training(alice)
    client = logged_in(alice)
    answer = client.post(f"/trainings/{training.id}/removal/", follow=True)
    assert "was deleted" in answer.content.decode()
    assert client.get(f"/trainings/{training.id}/").status_code == 404
    assert not Training.objects.visible_to(alice).exists()


def test_a_title_with_a_character_that_no_row_can_hold_is_taken_without_it(alice: User) -> None:
    training = bare_training(alice)
    logged_in(alice).post(f"/trainings/{training.id}/title/", {"title": "Re\0funds"})
    training.refresh_from_db()
    assert training.title == "Re funds"
