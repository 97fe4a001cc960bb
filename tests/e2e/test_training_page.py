"""The page of a training while it is made and afterwards."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import APIResponse, Route, expect

from jobs import queue
from jobs.models import BackgroundJob, JobQueue
from tests.e2e.conftest import Visit
from tests.trainings.making import bare_training, ready_training
from tests.trainings.real_server import RealServer
from trainai.accounts.models import User
from trainings import pipeline
from trainings.models import Segment, Training, Transcript

pytestmark = pytest.mark.browser


@pytest.fixture
def making(live_site: RealServer, alice: User) -> Training:
    """A training whose jobs wait."""
    training = bare_training(alice)
    pipeline.enqueue_jobs(training)
    return training


def listening(training: Training, **values: object) -> None:
    """Change the row of the listening, as a worker would."""
    BackgroundJob.objects.filter(training=training, job_type="transcription").update(**values)


def test_progress_shows_by_itself(alice: User, visit: Visit, making: Training) -> None:
    page = visit(alice, f"/trainings/{making.id}/")
    expect(page.locator("#part-transcription")).to_contain_text("waiting")
    listening(making, status="processing", started_at=timezone.now(), progress_percentage=40)
    expect(page.locator("#part-transcription")).to_contain_text("40 %")
    listening(making, progress_percentage=62, progress_message="0:52 of 1:28")
    expect(page.locator("#part-transcription")).to_contain_text("0:52 of 1:28")
    expect(page.get_by_role("progressbar", name="Listening")).to_have_js_property("value", 62)
    expect(page.get_by_role("banner")).to_contain_text("1 working")


KEEP_PLACING = """() => {
    window.placed = new Promise((then) => {
        const word = () => then(document.querySelector("#part-transcription [data-word]").textContent);
        document.addEventListener("fragments:placed", word, { once: true });
    });
}"""


def test_an_answer_that_was_long_on_its_way_sets_nothing_back(alice: User, visit: Visit, making: Training) -> None:
    page = visit(alice, f"/trainings/{making.id}/")
    listening(making, status="processing", started_at=timezone.now(), progress_percentage=40)
    expect(page.locator("#part-transcription")).to_contain_text("40 %")
    on_its_way: list[tuple[Route, APIResponse]] = []
    page.route(f"**/trainings/{making.id}/", lambda route: on_its_way.append((route, route.fetch())), times=1)
    with page.expect_request(lambda request: "x-fragments" in request.headers):
        listening(making, progress_percentage=50)
    while not on_its_way:
        page.title()  # the browser's events come with its answers
    bar = page.get_by_role("progressbar", name="Listening")
    listening(making, progress_percentage=62)
    expect(bar).to_have_js_property("value", 62)
    ((route, answer),) = on_its_way
    page.evaluate(KEEP_PLACING)
    route.fulfill(response=answer)
    assert page.evaluate("() => window.placed") == "62 %"


def test_the_transcript_grows_while_the_rest_is_listened_to(alice: User, visit: Visit, making: Training) -> None:
    page = visit(alice, f"/trainings/{making.id}/")
    page.get_by_role("tab", name="Transcript").click()
    listening(making, status="processing", started_at=timezone.now())
    transcript = Transcript.objects.create(training=making, language="en")
    Segment.objects.create(transcript=transcript, position=0, start=1, end=4, text="First, open the till.")
    listening(making, progress_percentage=10)
    expect(page.get_by_role("link", name="First, open the till.")).to_be_visible()


def test_a_failed_part_says_why_and_is_tried_again_without_leaving(alice: User, visit: Visit, making: Training) -> None:
    page = visit(alice, f"/trainings/{making.id}/")
    error = {"code": "model_missing", "message": "The speech model is not there.", "retryable": False}
    JobQueue.objects.filter(job__training=making, job__job_type="transcription").delete()
    listening(making, status="failed", error_data=error, completed_at=timezone.now())
    expect(page.locator("#state")).to_contain_text("The speech model is not there.")
    page.evaluate("window.still = true")
    page.get_by_role("button", name="Try again Listening").click()
    expect(page.locator("#part-transcription")).to_contain_text("waiting")
    assert page.evaluate("window.still")


def test_a_cancelled_training_goes_on_when_asked(alice: User, visit: Visit, making: Training) -> None:
    page = visit(alice, f"/trainings/{making.id}/")
    page.get_by_role("button", name="Cancel the rest").click()
    expect(page.locator("#state")).to_contain_text("Cancelled")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#state")).to_contain_text("Waiting")
    assert set(making.jobs.values_list("status", flat=True)) == {"pending"}


def test_colleagues_see_it_change_and_strangers_never_find_it(
    bob: User, charlie: User, visit: Visit, making: Training
) -> None:
    page = visit(bob, f"/trainings/{making.id}/")
    for job in making.jobs.all():
        if job.status == "pending":
            queue.cancel(job.id)
    expect(page.locator("#state")).to_contain_text("Cancelled")
    expect(visit(charlie, f"/trainings/{making.id}/").get_by_role("heading", level=1)).to_have_text(
        "There is nothing here"
    )


def test_the_page_says_when_it_is_not_live_and_catches_up(
    alice: User, visit: Visit, making: Training, live_site: RealServer
) -> None:
    page = visit(alice, f"/trainings/{making.id}/")
    expect(page.locator("#part-transcription")).to_contain_text("waiting")
    live_site.kill()
    expect(page.get_by_text("Not live. Trying again")).to_be_visible()
    listening(making, status="processing", started_at=timezone.now(), progress_percentage=77)
    live_site.start()
    expect(page.get_by_text("Not live. Trying again")).to_be_hidden()
    expect(page.locator("#part-transcription")).to_contain_text("77 %")


def test_a_title_is_changed_where_it_stands(alice: User, visit: Visit, live_site: RealServer) -> None:
    training = ready_training(alice)
    page = visit(alice, f"/trainings/{training.id}/")
    page.locator("summary[aria-label=Rename]").press("Enter")
    page.get_by_label("Title", exact=True).fill("Give the money back")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text("Refund an order")
    page.locator("summary[aria-label=Rename]").press("Enter")
    page.get_by_label("Title", exact=True).fill("Give the money back")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Give the money back")
    expect(page).to_have_title(re.compile("Give the money back"))
    training.refresh_from_db()
    assert (training.title, training.title_is_suggested) == ("Give the money back", False)


def test_tabs_follow_the_arrow_keys(alice: User, visit: Visit, live_site: RealServer) -> None:
    training = ready_training(alice)
    page = visit(alice, f"/trainings/{training.id}/")
    page.get_by_role("tab", name="Steps").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Transcript")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Transcript")).to_be_visible()
    expect(page.get_by_role("tabpanel", name="Steps")).to_be_hidden()
    page.keyboard.press("End")
    expect(page.get_by_role("tabpanel", name="Key points")).to_contain_text("Wait for the receipt.")


def test_deleting_asks_first(alice: User, visit: Visit, live_site: RealServer) -> None:
    training = ready_training(alice)
    page = visit(alice, f"/trainings/{training.id}/")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("was deleted")).to_be_visible()
    assert not Training.objects.visible_to(alice).exists()


def test_without_script_a_reload_shows_the_truth(alice: User, visit: Visit, making: Training) -> None:
    page = visit(alice, f"/trainings/{making.id}/", java_script_enabled=False)
    for name in ("Steps", "Transcript", "Key points"):
        expect(page.get_by_role("heading", name=name, level=2)).to_be_visible()
    page.get_by_role("button", name="Cancel the rest").click()
    expect(page.locator("#state")).to_contain_text("Cancelled")


KEEP_NOTICES = """() => {
    window.told = [];
    window.asked = 0;
    window.Notification = class extends EventTarget {
        static async requestPermission() { window.asked += 1; return "granted"; }
        constructor(title, options) { super(); window.told.push([title, options.body]); }
    };
}"""


@pytest.mark.parametrize("told", ["“Refund an order” is ready", "“Refund an order” needs you"])
def test_the_browser_tells_the_end_to_who_asked_for_it(alice: User, visit: Visit, making: Training, told: str) -> None:
    page = visit(alice, f"/trainings/{making.id}/")
    page.evaluate(KEEP_NOTICES)
    button = page.get_by_role("button", name="Tell me in this browser")
    expect(button).to_be_visible()
    assert page.evaluate("window.asked") == 0
    button.click()
    expect(page.get_by_role("button", name="This browser will tell you")).to_have_attribute("aria-pressed", "true")
    JobQueue.objects.filter(job__training=making).delete()
    now = timezone.now()
    silent = making.jobs.filter(job_type="transcription" if "needs you" in told else "")
    error = {"code": "no_audio_track", "message": "This recording has no sound."}
    silent.update(status="failed", error_data=error, started_at=now, completed_at=now)
    making.jobs.exclude(status="failed").update(
        status="completed", progress_percentage=100, started_at=now, completed_at=now
    )
    page.wait_for_function("() => window.told.length === 1")
    assert page.evaluate("window.told")[0][0] == told
    assert ("This recording has no sound." in page.evaluate("window.told")[0][1]) == ("needs you" in told)
    page.wait_for_function("() => localStorage.getItem('trainai-tell') === '[]'")


FORBID_NOTICES = """
    window.Notification = class {
        static permission = "%s";
        constructor() { throw new TypeError("Illegal constructor."); }
    };
"""


def test_a_browser_that_cannot_tell_does_not_offer_it(alice: User, visit: Visit, making: Training) -> None:
    page = visit(alice, f"/trainings/{making.id}/")
    page.add_init_script(FORBID_NOTICES % "default")
    page.reload()
    expect(page.get_by_text("This browser cannot tell you")).to_be_visible()
    expect(page.get_by_role("button", name="Tell me in this browser")).to_be_hidden()


def test_a_wish_is_kept_until_it_was_told(alice: User, visit: Visit, making: Training) -> None:
    page = visit(alice, f"/trainings/{making.id}/")
    page.add_init_script(FORBID_NOTICES % "granted")
    page.evaluate("id => localStorage.setItem('trainai-tell', JSON.stringify([id]))", str(making.id))
    now = timezone.now()
    JobQueue.objects.filter(job__training=making).delete()
    making.jobs.update(status="completed", progress_percentage=100, started_at=now, completed_at=now)
    page.reload()
    expect(page.locator("[data-cannot]")).not_to_have_attribute("hidden", "")
    assert page.evaluate("JSON.parse(localStorage.getItem('trainai-tell'))") == [str(making.id)]
