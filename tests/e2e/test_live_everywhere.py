"""Several tabs, several people, lines that are blocked: every page comes to the same truth by itself."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from jobs import limits
from jobs.models import BackgroundJob
from tests.e2e.conftest import Visit
from tests.trainings.making import bare_training
from tests.trainings.real_server import RealServer
from trainai.accounts.models import Membership, User
from trainings import pipeline
from trainings.models import Training

pytestmark = pytest.mark.browser
LOGIN = re.compile(r"/accounts/login/")


@pytest.fixture
def making(live_site: RealServer, alice: User) -> Training:
    """A training whose jobs wait."""
    training = bare_training(alice)
    pipeline.enqueue_jobs(training)
    return training


def test_a_cancel_at_the_desk_is_on_every_page_at_once(
    alice: User, bob: User, visit: Visit, making: Training, live_site: RealServer
) -> None:
    operator = User.objects.create_superuser("operator@example.com", "a long enough password")
    training = visit(alice, f"/trainings/{making.id}/")
    second_tab = training.context.new_page()
    second_tab.goto("/jobs/")
    colleagues = visit(bob, "/jobs/")
    desk = visit(operator, "/admin/jobs/backgroundjob/?type=transcription")
    expect(desk.locator("[data-lamp]")).to_have_text("live")
    for page in (second_tab, colleagues):
        expect(page.locator("tr", has_text="Listening").first).to_contain_text("next in line")

    cancelling = visit(operator, "/admin/jobs/backgroundjob/?type=transcription")
    cancelling.get_by_text("All that match").click()
    cancelling.get_by_role("link", name="Cancel …").click()
    cancelling.get_by_label("Why").fill("The wrong recording")
    cancelling.get_by_role("button", name="Cancel").click()

    expect(training.locator("#part-transcription")).to_contain_text("cancelled")
    for page in (second_tab, colleagues, desk):
        expect(page.locator("tr", has_text="Listening").first).to_contain_text("cancelled")


def test_a_pause_and_its_end_are_on_every_page_at_once(alice: User, visit: Visit, making: Training) -> None:
    operator = User.objects.create_superuser("operator@example.com", "a long enough password")
    training = visit(alice, f"/trainings/{making.id}/")
    mine, desk = training.context.new_page(), visit(operator, "/admin/jobs/backgroundjob/?type=transcription")
    mine.goto("/jobs/")
    expect(desk.locator("[data-lamp]")).to_have_text("live")
    places = [
        training.locator("#part-transcription"),
        *(page.locator("tr", has_text="Listening").first for page in (mine, desk)),
    ]
    limits.pause(job_type="transcription", why="the disks are full")
    for place in places:
        expect(place).to_contain_text("paused: the disks are full")
    limits.resume(job_type="transcription")
    for place in places:
        expect(place).not_to_contain_text("paused")


def test_a_page_whose_line_is_blocked_asks_now_and_then(alice: User, visit: Visit, making: Training) -> None:
    page = visit(alice, f"/trainings/{making.id}/")
    page.route_web_socket("**/ws/jobs/**", lambda line: line.close())
    page.clock.install()
    page.reload()
    for _ in range(20):  # tries in vain, ever more seldom
        page.clock.run_for(1_000)
    expect(page.get_by_text("Not live. Trying again")).to_be_visible()
    listening = BackgroundJob.objects.filter(training=making, job_type="transcription")
    listening.update(status="processing", started_at=timezone.now(), progress_percentage=44)
    page.clock.run_for(15_000)
    expect(page.locator("#part-transcription")).to_contain_text("44 %")


def test_logging_out_closes_the_other_tabs(alice: User, visit: Visit, making: Training) -> None:
    page = visit(alice, f"/trainings/{making.id}/")
    other = page.context.new_page()
    other.goto("/jobs/")
    expect(other.get_by_role("button", name="Cancel")).to_have_count(4)
    page.evaluate("document.querySelector('form[action*=logout]').submit()")
    page.wait_for_url(LOGIN)
    other.wait_for_url(LOGIN)


def test_a_page_that_is_let_in_no_more_goes_to_the_login_instead_of_trying_for_ever(
    alice: User, visit: Visit, making: Training
) -> None:
    page = visit(alice, "/jobs/")
    kept = page.content()
    Session.objects.all().delete()
    page.route("**/jobs/", lambda route: route.fulfill(body=kept, content_type="text/html"), times=1)
    page.reload()  # as from the browser's own memory: its line is refused
    page.wait_for_url(LOGIN)


def test_who_may_only_watch_from_now_on_loses_the_buttons(bob: User, visit: Visit, making: Training) -> None:
    page = visit(bob, "/jobs/")
    expect(page.get_by_role("button", name="Cancel")).to_have_count(4)
    Membership.objects.filter(user=bob).update(role=Membership.Role.VIEWER)
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
