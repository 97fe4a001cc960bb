"""The activity page follows the work of a company."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from jobs.models import BackgroundJob
from tests.e2e.conftest import Visit
from tests.trainings.making import bare_training
from tests.trainings.real_server import RealServer
from trainai.accounts.models import User
from trainings import pipeline

pytestmark = pytest.mark.browser


def test_rows_follow_the_work_and_keep_their_places(alice: User, visit: Visit, live_site: RealServer) -> None:
    pipeline.enqueue_jobs(bare_training(alice))
    page = visit(alice, "/jobs/")
    rows = page.locator("tbody tr")
    before = [rows.nth(number).get_attribute("id") for number in range(4)]
    video = BackgroundJob.objects.filter(job_type="mux_upload")
    video.update(status="processing", started_at=timezone.now(), progress_percentage=35)
    expect(page.locator("tr", has_text="Preparing the video")).to_contain_text("35 %")
    expect(page.locator("#figures div", has_text="working").locator("dd")).to_have_text("1")
    assert [rows.nth(number).get_attribute("id") for number in range(4)] == before


def test_new_work_comes_on_top(alice: User, bob: User, visit: Visit, live_site: RealServer) -> None:
    pipeline.enqueue_jobs(bare_training(alice))
    page = visit(alice, "/jobs/")
    pipeline.enqueue_jobs(bare_training(bob, "Count the stock"))
    expect(page.locator("tbody tr")).to_have_count(8)
    expect(page.locator("tbody tr").first).to_contain_text("Count the stock")


def test_a_job_is_cancelled_and_tried_again_in_its_row(alice: User, visit: Visit, live_site: RealServer) -> None:
    pipeline.enqueue_jobs(bare_training(alice))
    page = visit(alice, "/jobs/")
    row = page.locator("tr", has_text="Preparing the video")
    row.get_by_role("button", name="Cancel").click()
    expect(row).to_contain_text("cancelled")
    row.get_by_role("button", name="Try again").click()
    expect(row).to_contain_text("waiting")


def test_a_viewer_watches_without_buttons(vera: User, alice: User, visit: Visit, live_site: RealServer) -> None:
    pipeline.enqueue_jobs(bare_training(alice))
    page = visit(vera, "/jobs/")
    expect(page.locator("tbody tr")).to_have_count(4)
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
