"""The language that is spoken, chosen before a file is sent, before a recording begins, and after it was misheard."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from jobs.models import JobQueue
from tests.e2e.axe import serious
from tests.e2e.conftest import Visit
from tests.trainings.making import bare_training, ready_training
from trainai.accounts.models import User
from trainings import pipeline
from trainings.models import Training

pytestmark = pytest.mark.browser
TRAINING = re.compile(r"/trainings/[0-9a-f-]{36}/$")
Make = Callable[..., Path]


def test_a_file_takes_along_the_language_that_was_chosen(alice: User, visit: Visit, video_file: Make) -> None:
    page = visit(alice, "/trainings/new/")
    choice = page.get_by_label("Spoken language")
    expect(choice).to_have_value("")
    choice.select_option("German")
    page.set_input_files("#files", video_file("refund.mp4"))
    page.wait_for_url(TRAINING)
    assert Training.objects.get().spoken_language == "de"

    page.goto("/trainings/new/")
    expect(choice).to_have_value("de")  # as it was last time
    choice.select_option("Detect")
    page.set_input_files("#files", video_file("audit.mp4"))
    page.wait_for_url(TRAINING)
    assert Training.objects.order_by("-created_at")[0].spoken_language == ""


def test_a_wrong_language_is_set_right_on_the_training_s_page(alice: User, visit: Visit) -> None:
    training = ready_training(alice)
    training.transcript.completed_at = training.created_at
    training.transcript.save()
    page = visit(alice, f"/trainings/{training.id}/#panel-transcript", width=390)
    expect(page.get_by_text("Heard in English, as found in what is said.")).to_be_visible()
    page.get_by_role("link", name="Another language …").click()
    asked = page.get_by_role("dialog", name="Listen again in another language?")
    expect(asked.get_by_label("Spoken language")).to_have_value("en")
    assert not serious(page)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.keyboard.press("Escape")
    expect(asked).to_be_hidden()

    page.get_by_role("link", name="Another language …").press("Enter")
    asked.get_by_label("Spoken language").select_option("German")
    asked.get_by_role("button", name="Listen again").click()
    expect(page.locator("#part-transcription")).to_contain_text("waits for its turn")
    training.refresh_from_db()
    assert (training.spoken_language, training.status) == ("de", "processing")


def test_steps_that_were_written_from_misheard_words_offer_the_language(alice: User, visit: Visit) -> None:
    training = misheard(alice)
    for width in (1280, 390):
        page = visit(alice, f"/trainings/{training.id}/", width=width)
        part = page.locator("#part-sop_generation")
        expect(part.get_by_role("link", name="Record again")).to_be_visible()
        assert not serious(page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        part.get_by_role("link", name="Choose the language").click()
        expect(dialog(page)).to_be_visible()
    dialog(page).get_by_label("Spoken language").select_option("English")
    dialog(page).get_by_role("button", name="Listen again").click()
    expect(part).to_contain_text("waits for “Listening”")


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def misheard(user: User) -> Training:
    """A training whose English was taken for Welsh."""
    training = bare_training(user)
    pipeline.enqueue_jobs(training)
    then = "2026-01-01T12:00:00Z"
    why = {
        "code": "language_not_supported",
        "message": "This recording is in Welsh, and steps can be written from English only so far. "
        "The transcript is ready to read; for steps, record it again in English.",
    }
    training.jobs.filter(job_type="transcription").update(
        status="completed",
        progress_percentage=100,
        started_at=then,
        completed_at=then,
        output_data={"words": 12, "language": "cy"},
    )
    training.jobs.filter(job_type="sop_generation").update(status="failed", error_data=why, completed_at=then)
    training.jobs.filter(job_type="step_pictures").update(
        status="failed", error_data={"code": "dependency_failed", "message": "x"}, completed_at=then
    )
    training.jobs.filter(job_type="mux_upload").update(
        status="completed", progress_percentage=100, started_at=then, completed_at=then
    )
    JobQueue.objects.filter(job__training=training).delete()
    return training
