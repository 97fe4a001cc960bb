"""The job monitor: the activity page, and its compact form in every header."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from jobs import queue
from jobs.models import BackgroundJob, JobQueue
from tests.e2e.conftest import Visit
from tests.trainings.making import bare_training
from tests.trainings.real_server import RealServer
from trainai.accounts.models import User
from trainings import pipeline

pytestmark = pytest.mark.browser


def video(**values: object) -> None:
    """Change the rows of the video's jobs, as a worker would."""
    BackgroundJob.objects.filter(job_type="mux_upload").update(**values)


def listening_fails() -> None:
    JobQueue.objects.filter(job__job_type="transcription").delete()
    error = {"code": "no_audio_track", "message": "This recording has no sound.", "retryable": False}
    BackgroundJob.objects.filter(job_type="transcription").update(
        status="failed", error_data=error, completed_at=timezone.now()
    )


def groups(page: Page) -> list[str]:
    """Return the headings, each with how many stand under it."""
    return [" ".join(text.split()) for text in page.locator(".group th").all_inner_texts()]


class TestJobMonitor:
    """The seed's component of this name, by its own list of test cases."""

    def test_job_display(self, alice: User, visit: Visit, live_site: RealServer) -> None:
        pipeline.enqueue_jobs(bare_training(alice))
        listening_fails()
        page = visit(alice, "/jobs/")
        assert groups(page) == ["Needs you 1", "Waiting 3"]
        row = page.locator("tr", has_text="Preparing the video")
        expect(row).to_contain_text("next in line")
        expect(row.get_by_role("link", name="Refund an order")).to_be_visible()
        silent = page.locator("tr", has_text="no sound")
        expect(silent).to_contain_text("needs you")
        expect(silent.get_by_role("link", name="Record again")).to_be_visible()
        expect(silent.get_by_role("button", name="Try again")).to_have_count(0)

    def test_status_updates(self, alice: User, visit: Visit, live_site: RealServer) -> None:
        """Rows follow the work, keep their places under the pointer, and are sorted again on request."""
        pipeline.enqueue_jobs(bare_training(alice))
        page = visit(alice, "/jobs/")
        rows = page.locator("tbody tr[data-job]")
        before = [rows.nth(number).get_attribute("id") for number in range(4)]
        rows.nth(3).hover()
        video(status="processing", started_at=timezone.now(), progress_percentage=35)
        expect(page.locator("tr", has_text="Preparing the video")).to_contain_text("35 %")
        expect(page.locator("#figures div", has_text="working").locator("dd")).to_have_text("1")
        assert [rows.nth(number).get_attribute("id") for number in range(4)] == before
        page.get_by_role("link", name="Refresh").click()
        expect(page.locator(".group th").first).to_contain_text("Working")
        video(status="completed", progress_percentage=100, completed_at=timezone.now())
        expect(page.locator("tr", has_text="Preparing the video")).to_contain_text("done in")

    def test_actions(self, alice: User, visit: Visit, live_site: RealServer) -> None:
        pipeline.enqueue_jobs(bare_training(alice))
        page = visit(alice, "/jobs/")
        row = page.locator("tr", has_text="Preparing the video")
        row.get_by_role("button", name="Cancel").click()
        expect(row).to_contain_text("cancelled")
        row.get_by_role("button", name="Try again").click()
        expect(row).to_contain_text("waiting")

    def test_filtering(self, alice: User, visit: Visit, live_site: RealServer) -> None:
        pipeline.enqueue_jobs(bare_training(alice))
        listening_fails()
        page = visit(alice, "/jobs/")
        show = page.get_by_role("navigation", name="Show")
        for choice, count in (("Needs you", 1), ("Waiting", 3), ("Failed", 1), ("Everything", 4)):
            show.get_by_role("link", name=choice).click()
            expect(show.get_by_role("link", name=choice)).to_have_attribute("aria-current", "true")
            expect(page.locator("tbody tr[data-job]")).to_have_count(count)

    def test_empty_states(self, alice: User, visit: Visit) -> None:
        page = visit(alice, "/jobs/")
        expect(page.locator("#rows").get_by_role("link", name="New training")).to_be_visible()
        for choice, told in (
            ("needs-you", "Nothing needs you"),
            ("working", "Nothing is being worked on"),
            ("waiting", "Nothing waits"),
            ("done", "Nothing is done yet"),
            ("failed", "Nothing failed"),
            ("not-started", "Everything could start"),
            ("cancelled", "Nothing was cancelled"),
        ):
            page.goto(f"/jobs/?show={choice}")
            expect(page.locator("#rows")).to_contain_text(told)


def test_new_work_takes_its_place_as_a_reload_would_show_it(
    alice: User, bob: User, visit: Visit, live_site: RealServer
) -> None:
    pipeline.enqueue_jobs(bare_training(alice))
    page = visit(alice, "/jobs/")
    pipeline.enqueue_jobs(bare_training(bob, "Count the stock"))
    expect(page.locator("tbody tr[data-job]")).to_have_count(8)
    live = page.locator("tbody").inner_text()
    page.reload()
    assert page.locator("tbody").inner_text() == live


@pytest.mark.parametrize("is_hovered", [False, True])
@pytest.mark.parametrize(("shown", "began"), [("waiting", "1 before it in line"), ("working", "95 %")])
def test_what_does_not_belong_in_a_choice_any_more_leaves_it(
    alice: User, visit: Visit, live_site: RealServer, shown: str, began: str, is_hovered: bool
) -> None:
    pipeline.enqueue_jobs(bare_training(alice))
    listening = BackgroundJob.objects.filter(job_type="transcription")
    if shown == "working":
        for jobs in (listening, BackgroundJob.objects.filter(job_type="mux_upload")):
            jobs.update(status="processing", started_at=timezone.now(), progress_percentage=95)
    page = visit(alice, f"/jobs/?show={shown}")
    row = page.locator("tr[id]", has_text="Preparing the video")
    place = row.bounding_box()
    expect(row).to_contain_text(began)
    if is_hovered:
        row.hover()
    if shown == "working":
        video(status="completed", progress_percentage=100, completed_at=timezone.now())
    else:
        video(status="processing", started_at=timezone.now(), progress_percentage=5)
    if is_hovered:  # it stays where the pointer is, says so, and can do nothing
        expect(row).to_contain_text("not in this list any more")
        expect(row.get_by_text(began)).to_be_hidden()
        expect(row.get_by_role("button")).to_have_count(0)
        expect(page.get_by_text("put in order when you leave it")).to_be_visible()
        assert row.bounding_box() == place
        page.get_by_role("heading", name="Activity").hover()
    expect(row).to_have_count(0)
    expect(page.get_by_text("put in order when you leave it")).to_be_hidden()
    expect(page.locator("#figures dd").first).to_have_text("1")


def test_a_line_that_left_under_the_keyboard_keeps_the_focus_and_may_come_back(
    alice: User, visit: Visit, live_site: RealServer
) -> None:
    pipeline.enqueue_jobs(bare_training(alice))
    page = visit(alice, "/jobs/?show=waiting")
    row = page.locator("tr[id]", has_text="Preparing the video")
    cancel = row.get_by_role("button", name="Cancel")
    cancel.focus()
    video(status="processing", started_at=timezone.now(), progress_percentage=5)
    expect(row).to_contain_text("not in this list any more")
    expect(row.get_by_role("link")).to_be_focused()
    video(status="pending", started_at=None, progress_percentage=0)
    expect(row).to_contain_text("before it in line")
    expect(cancel).to_be_visible()
    expect(row.locator("[data-word]")).to_be_visible()


def test_headings_count_what_belongs_under_them(alice: User, visit: Visit, live_site: RealServer) -> None:
    pipeline.enqueue_jobs(bare_training(alice))
    page = visit(alice, "/jobs/")
    page.locator("tr", has_text="Preparing the video").hover()
    JobQueue.objects.all().delete()
    now = timezone.now()
    BackgroundJob.objects.update(status="completed", progress_percentage=100, started_at=now, completed_at=now)
    expect(page.locator(".group th")).to_have_text("Waiting 0")
    page.get_by_role("heading", name="Activity").hover()
    expect(page.locator(".group th")).to_have_text("Done today 4")


def test_the_header_of_every_page_tells_in_short(alice: User, visit: Visit, live_site: RealServer) -> None:
    training = bare_training(alice)
    pipeline.enqueue_jobs(training)
    page = visit(alice, "/accounts/preferences/")
    menu = page.get_by_role("banner").locator(".menu.work")
    expect(menu).to_contain_text("4 waiting")
    video(status="processing", started_at=timezone.now(), progress_percentage=35)
    expect(menu.locator("summary")).to_contain_text("1 working")
    menu.locator("summary").press("Enter")
    line = menu.get_by_role("link", name="Refund an order").first
    expect(line).to_contain_text("35 %")
    line.click()
    page.wait_for_url(f"**/trainings/{training.id}/")


def test_the_header_tells_of_what_needs_somebody_and_goes_when_there_is_nothing(
    alice: User, visit: Visit, live_site: RealServer
) -> None:
    pages = [visit(alice, path) for path in ("/", "/accounts/preferences/", f"/trainings/{bare_training(alice).id}/")]
    menus = [page.locator(".menu.work") for page in pages]
    for menu in menus:
        expect(menu).to_be_hidden()
    pipeline.enqueue_jobs(bare_training(alice))
    for menu in menus:
        expect(menu.locator("summary")).to_contain_text("4 waiting")
    listening_fails()
    for menu in menus:
        expect(menu.locator("summary")).to_contain_text("1 needs you")
    menus[0].locator("summary").click()
    expect(menus[0]).to_contain_text("This recording has no sound")
    BackgroundJob.objects.filter(status="failed").delete()
    for job in BackgroundJob.objects.all():
        queue.cancel(job.pk)
    expect(menus[0]).to_contain_text("Nothing is being worked on right now.")  # an open menu does not vanish
    menus[0].locator("summary").click()
    for menu in menus:
        expect(menu).to_be_hidden()


def test_a_bar_tells_no_percent_that_nobody_measured(alice: User, visit: Visit, live_site: RealServer) -> None:
    pipeline.enqueue_jobs(bare_training(alice))
    video(status="processing", started_at=timezone.now())
    page = visit(alice, "/jobs/")
    bar = page.locator("tr", has_text="Preparing the video").get_by_role("progressbar")
    expect(bar).not_to_have_attribute("value", re.compile("."))
    video(progress_percentage=30)
    expect(bar).to_have_attribute("value", "30")


def test_a_viewer_watches_without_buttons(vera: User, alice: User, visit: Visit, live_site: RealServer) -> None:
    pipeline.enqueue_jobs(bare_training(alice))
    page = visit(vera, "/jobs/")
    expect(page.locator("tbody tr[data-job]")).to_have_count(4)
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
