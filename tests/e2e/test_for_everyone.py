"""Every page for everybody: axe finds nothing serious, nothing needs sideways scrolling on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from tests.e2e.axe import serious
from tests.e2e.conftest import Visit
from tests.trainings.making import bare_training, ready_training, upload_of
from tests.trainings.real_server import RealServer
from trainai.accounts.models import User
from trainings import pipeline
from trainings.models import Segment, Transcript

pytestmark = pytest.mark.browser
PAGES = (
    "/",
    "/trainings/new/",
    "/jobs/",
    "/jobs/?show=cancelled",
    "/accounts/preferences/",
    "/accounts/people/",
    "/patterns/",
    "/nowhere/",
)


@pytest.fixture
def check(visit: Visit) -> Callable[..., None]:
    """Look at a page in both colour schemes, wide and narrow."""

    def look(user: User | None, path: str, act: Callable[[Page], None] = Page.wait_for_load_state) -> None:
        for width, scheme in ((1280, "light"), (390, "dark")):
            page = visit(user, path, width=width, color_scheme=scheme)
            act(page)
            assert not serious(page), f"{path} at {width}, {scheme}:\n" + "\n".join(serious(page))
            overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert overflow <= 0, f"{path} is {overflow} px too wide at {width}"

    return look


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_for_everybody(alice: User, check: Callable[..., None], live_site: RealServer, path: str) -> None:
    alice.is_staff = True
    alice.save()
    pipeline.enqueue_jobs(bare_training(alice))
    ready_training(alice)
    check(alice, path)


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/"])
def test_the_way_in_is_for_everybody(check: Callable[..., None], path: str) -> None:
    check(None, path)


def test_a_refusal_is_for_everybody(vera: User, check: Callable[..., None], live_site: RealServer) -> None:
    check(vera, "/trainings/new/", heading("You may not do this"))


def test_a_mistake_of_ours_is_for_everybody(alice: User, check: Callable[..., None], live_site: RealServer) -> None:
    training = ready_training(alice)
    training.jobs.filter(job_type="transcription").update(output_data={"words": "no number"})
    check(alice, f"/trainings/{training.id}/", heading("Something went wrong here"))


def test_a_form_of_nobody_s_is_for_everybody(check: Callable[..., None], live_site: RealServer) -> None:
    def send_without_a_token(page: Page) -> None:
        page.evaluate("document.querySelector('[name=csrfmiddlewaretoken]').remove()")
        page.evaluate("document.querySelector('form.form').submit()")
        heading("Please try again")(page)

    check(None, "/accounts/login/", send_without_a_token)


def test_an_invitation_that_is_over_is_for_everybody(check: Callable[..., None], live_site: RealServer) -> None:
    check(None, "/accounts/signup/?invitation=made-up", heading("This link is over"))


def test_who_is_locked_out_is_told_so_readably(
    check: Callable[..., None], live_site: RealServer, settings: Settings
) -> None:
    def fail(page: Page) -> None:
        for _ in range(settings.AXES_FAILURE_LIMIT + 1):
            if page.get_by_role("heading", name="Too many tries").count():
                return
            page.get_by_label("E-mail").fill("maya@example.com")
            page.get_by_label("Password").fill("wrong")
            page.get_by_role("button", name="Log in").click()
        heading("Too many tries")(page)

    check(None, "/accounts/login/", fail)


def heading(name: str) -> Callable[[Page], None]:
    """Return what waits until a page of this name is there."""
    return lambda page: expect(page.get_by_role("heading", name=name)).to_be_visible()


def test_a_training_is_for_everybody(alice: User, check: Callable[..., None], live_site: RealServer) -> None:
    check(alice, f"/trainings/{ready_training(alice).id}/")


def test_a_training_that_is_still_recorded_is_for_everybody(
    alice: User, check: Callable[..., None], live_site: RealServer
) -> None:
    upload = upload_of(alice)
    training = pipeline.begin_recording(upload)
    transcript = Transcript.objects.create(training=training, language="en", heard_until=4.0)
    Segment.objects.create(transcript=transcript, position=0, start=1, end=4, text="First, open the till.")
    check(alice, f"/trainings/{training.id}/")


@pytest.mark.parametrize("path", ["/", "/jobs/", "/jobs/?show=needs-you"])
def test_a_page_with_nothing_on_it_is_for_everybody(
    charlie: User, check: Callable[..., None], live_site: RealServer, path: str
) -> None:
    check(charlie, path)


def test_who_wants_less_motion_sees_none(alice: User, visit: Visit, live_site: RealServer) -> None:
    alice.is_staff = True
    alice.save()
    page = visit(alice, "/patterns/")
    assert page.evaluate("document.getAnimations().length") == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate("document.getAnimations().length") > 0


def test_what_opens_on_a_page_is_for_everybody_too(alice: User, visit: Visit, live_site: RealServer) -> None:
    """The header's menus, the question before a deletion, the rows of files, on a phone and by the keyboard alone."""
    training = ready_training(alice)
    pipeline.enqueue_jobs(bare_training(alice))
    page = visit(alice, f"/trainings/{training.id}/", width=390)
    for menu in (".menu.work", ".menu:has(.avatar)", ".title .menu"):
        page.locator(f"{menu} > summary").press("Enter")
        expect(page.locator(f"{menu} .list")).to_be_visible()
        assert not serious(page), menu
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, menu
        if menu != ".title .menu":
            page.keyboard.press("Escape")
            expect(page.locator(f"{menu} > summary")).to_be_focused()
    page.get_by_role("link", name="Delete").press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert not serious(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_rows_of_files_are_for_everybody(
    alice: User, visit: Visit, live_site: RealServer, video_file: Callable[..., Path]
) -> None:
    page = visit(alice, "/trainings/new/", width=390, color_scheme="dark")
    page.set_input_files("#files", [video_file("notes.txt"), video_file("one.mp4"), video_file("two.mp4")])
    expect(page.get_by_role("link", name="Open the training")).to_have_count(2)
    assert not serious(page)


def test_a_training_being_made_is_for_everybody(alice: User, check: Callable[..., None], live_site: RealServer) -> None:
    training = bare_training(alice)
    pipeline.enqueue_jobs(training)
    training.jobs.filter(job_type="transcription").update(
        status="failed",
        error_data={"code": "no_audio_track", "message": "This recording has no sound."},
        completed_at="2026-01-01T12:00:00Z",
    )
    check(alice, f"/trainings/{training.id}/")
    then = "2026-01-01T12:00:00Z"
    training.jobs.exclude(status="failed").update(status="cancelled", cancel_requested_at=then, completed_at=then)
    check(alice, f"/trainings/{training.id}/")
