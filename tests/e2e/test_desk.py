"""The operators' desk in a browser: lines that stay true, and verbs with a reason."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone
from playwright.sync_api import expect

from jobs.models import BackgroundJob
from tests.e2e.conftest import Visit
from tests.trainings.making import bare_training
from tests.trainings.real_server import RealServer
from trainai.accounts.models import User
from trainings import pipeline

pytestmark = pytest.mark.browser
LIST = "/admin/jobs/backgroundjob/"
HIDE = "hidden => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });"
HIDE += " document.dispatchEvent(new Event('visibilitychange')); }"


@pytest.fixture
def operator(live_site: RealServer) -> User:
    """Somebody who runs the installation, and belongs to no company."""
    return User.objects.create_superuser("operator@example.com", "a long enough password")


def work(percent: int) -> None:
    """Let the video be at so many percent."""
    video = BackgroundJob.objects.filter(job_type="mux_upload")
    video.update(status="processing", started_at=timezone.now(), progress_percentage=percent)


def test_lines_change_in_place_and_new_jobs_are_offered(
    alice: User, charlie: User, operator: User, visit: Visit
) -> None:
    pipeline.enqueue_jobs(bare_training(alice))
    page = visit(operator, LIST)
    expect(page.locator("[data-lamp]")).to_have_text("live")
    states = page.locator('[data-cell="state"]')
    before = [states.nth(number).get_attribute("data-job") for number in range(4)]
    work(35)
    expect(page.locator("tr", has_text="Preparing the video")).to_contain_text("35 %")
    pipeline.enqueue_jobs(bare_training(charlie, "Count the stock"))
    expect(page.locator("[data-new]")).to_have_text("Show new ones: 4")
    work(50)  # the new one's progress is heard of, too: it is counted already
    expect(page.locator("tr", has_text="Preparing the video")).to_contain_text("50 %")
    expect(page.locator("[data-new]")).to_have_text("Show new ones: 4")
    assert [states.nth(number).get_attribute("data-job") for number in range(states.count())] == before
    page.locator("[data-new]").click()
    expect(page.locator('[data-cell="state"]')).to_have_count(8)


def test_a_page_that_nobody_sees_rests_and_catches_up(alice: User, operator: User, visit: Visit) -> None:
    pipeline.enqueue_jobs(bare_training(alice))
    page = visit(operator, LIST)
    lamp, line = page.locator("[data-lamp]"), page.locator("tr", has_text="Preparing the video")
    expect(lamp).to_have_text("live")
    page.evaluate(HIDE, True)
    expect(lamp).to_have_text("paused")
    work(35)
    expect(line).to_contain_text("waiting")
    page.evaluate(HIDE, False)
    expect(lamp).to_have_text("live")
    expect(line).to_contain_text("35 %")


def test_all_that_match_are_cancelled_with_a_reason(alice: User, operator: User, visit: Visit) -> None:
    pipeline.enqueue_jobs(bare_training(alice))
    page = visit(operator, f"{LIST}?type=mux_upload")
    page.get_by_text("All that match").click()
    page.get_by_role("link", name="Cancel …").click()
    expect(page.get_by_role("heading", name="Cancel: 1 job")).to_be_visible()
    page.get_by_label("Why").fill("The wrong recording")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("[data-told]")).to_have_text("1 cancelled.")
    assert list(BackgroundJob.objects.filter(status="cancelled").values_list("job_type", flat=True)) == ["mux_upload"]
    assert LogEntry.objects.get().change_message == "Cancel: The wrong recording"


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_of_the_desk_is_wider_than_the_screen(alice: User, operator: User, visit: Visit, width: int) -> None:
    pipeline.enqueue_jobs(bare_training(alice))
    job = BackgroundJob.objects.first()
    assert job
    for path in ("/admin/", LIST, f"{LIST}{job.pk}/change/", f"{LIST}act/cancel/?ids={job.pk}"):
        page = visit(operator, path, width=width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
