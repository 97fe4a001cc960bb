"""The seed's component of this name: from a chosen file to the page where the work on it is followed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from jobs.models import BackgroundJob, JobQueue
from tests.e2e.conftest import Visit
from trainai.accounts.models import User
from trainings.models import Upload

pytestmark = pytest.mark.browser
Make = Callable[..., Path]
MEGABYTE = 1024 * 1024


@pytest.fixture
def sent(alice: User, visit: Visit, video_file: Make) -> Page:
    """The page of a training whose recording has just been sent."""
    page = visit(alice, "/trainings/new/")
    page.set_input_files("#files", video_file("refund-an-order.mp4", 12 * MEGABYTE))
    page.wait_for_url(re.compile(r"/trainings/[0-9a-f-]{36}/$"))
    return page


class TestBackgroundProcessingStep:
    """By the seed's own list of test cases."""

    def test_video_upload(self, sent: Page) -> None:
        """Sent in pieces, whole at the end."""
        upload = Upload.objects.get()
        assert (upload.size, upload.path.stat().st_size) == (12 * MEGABYTE, 12 * MEGABYTE)
        expect(sent.get_by_role("heading", level=1)).to_have_text("Refund an order")

    def test_job_creation(self, sent: Page) -> None:
        jobs = dict(BackgroundJob.objects.values_list("job_type", "status"))
        assert jobs == dict.fromkeys(("transcription", "mux_upload", "sop_generation", "step_pictures"), "pending")
        for label in ("Listening", "Writing the steps", "Pictures", "Preparing the video"):
            expect(sent.get_by_role("heading", name=label, exact=True)).to_be_visible()

    def test_progress_updates(self, sent: Page) -> None:
        listening = BackgroundJob.objects.filter(job_type="transcription")
        listening.update(status="processing", started_at=timezone.now(), progress_percentage=40)
        expect(sent.locator("#part-transcription")).to_contain_text("40 %")
        expect(sent.get_by_role("progressbar", name="Listening")).to_have_js_property("value", 40)

    def test_error_handling(self, sent: Page) -> None:
        JobQueue.objects.filter(job__job_type="transcription").delete()
        error = {"code": "no_audio_track", "message": "This recording has no sound.", "retryable": False}
        BackgroundJob.objects.filter(job_type="transcription").update(
            status="failed", error_data=error, completed_at=timezone.now()
        )
        expect(sent.locator("#state")).to_contain_text("This recording has no sound. The rest goes on.")
        expect(sent.get_by_role("link", name="Record again")).to_be_visible()

    def test_navigation(self, sent: Page) -> None:
        """One address from the upload on; leaving and coming back changes nothing."""
        address = sent.url
        sent.get_by_role("navigation", name="Main").get_by_role("link", name="Trainings").click()
        sent.get_by_role("link", name="Refund an order").click()
        expect(sent).to_have_url(address)
        sent.go_back()
        sent.go_forward()
        expect(sent.locator("#part-transcription")).to_contain_text("waiting")
        sent.goto("/jobs/")
        sent.get_by_role("link", name="Refund an order").first.click()
        expect(sent).to_have_url(address)
