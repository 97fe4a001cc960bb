"""A file on its way in, as a person sees it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Request, Route, expect

from tests.e2e.conftest import Visit, session_of
from tests.trainings import recordings_factory
from tests.trainings.real_server import RealServer
from tests.waiting import until
from trainai.accounts.models import Company, User
from trainings.models import Training, Upload

pytestmark = pytest.mark.browser
MEGABYTE = 1024 * 1024
Make = Callable[..., Path]


def test_an_upload_ends_on_the_page_of_its_training(alice: User, visit: Visit, video_file: Make) -> None:
    page = visit(alice, "/trainings/new/")
    page.set_input_files("#files", video_file("refund-an-order.mp4"))
    page.wait_for_url(re.compile(r"/trainings/[0-9a-f-]{36}/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Refund an order")
    assert Training.objects.get().upload.path.stat().st_size == 4096


def test_a_dropped_file_is_taken_like_a_chosen_one(alice: User, visit: Visit) -> None:
    page = visit(alice, "/trainings/new/")
    drop(page, "count-stock.webm", "video/webm")
    page.wait_for_url(re.compile(r"/trainings/[0-9a-f-]{36}/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Count stock")


def test_what_cannot_become_a_training_is_refused_before_it_is_sent(
    alice: User, visit: Visit, video_file: Make
) -> None:
    page = visit(alice, "/trainings/new/")
    page.set_input_files("#files", [video_file("notes.txt"), video_file("empty.mp4", 0)])
    rows = page.get_by_role("list", name="Uploads").get_by_role("listitem")
    expect(rows.nth(0)).to_contain_text("This is not a video.")
    expect(rows.nth(1)).to_contain_text("This file is empty.")
    assert not Upload.objects.exists()


def test_what_the_browser_sees_in_a_video_is_told_before_it_is_sent(alice: User, visit: Visit, tmp_path: Path) -> None:
    page = visit(alice, "/trainings/new/")
    page.route("**/api/uploads/", lambda route: route.abort())
    for make in (recordings_factory.without_sound, recordings_factory.good, recordings_factory.mediarecorder):
        make(tmp_path / f"{make.__name__}.mp4")
    page.set_input_files("#files", sorted(tmp_path.glob("*.mp4")))
    rows = page.get_by_role("list", name="Uploads").get_by_role("listitem")
    loud, live, silent = (rows.filter(has_text=name) for name in ("good", "mediarecorder", "without_sound"))
    expect(silent).to_contain_text("This browser finds no sound in the file.")
    expect(silent).to_contain_text("· 00:03")
    for row in (loud, live):
        expect(row).not_to_contain_text("Looking at the file")
        expect(row).not_to_contain_text("no sound")
    page.locator("upload-door").evaluate("(door) => (door.dataset.maxSeconds = 2)")
    page.set_input_files("#files", tmp_path / "good.mp4")
    expect(rows.nth(3)).to_contain_text("This video is 00:03 long, and 00:02 are possible.")


def test_several_files_each_have_a_row_and_a_way_to_their_training(alice: User, visit: Visit, video_file: Make) -> None:
    page = visit(alice, "/trainings/new/")
    page.set_input_files("#files", [video_file(f"part-{number}.mp4") for number in range(3)])
    expect(page.get_by_role("link", name="Open the training")).to_have_count(3)
    assert Training.objects.count() == 3


def test_an_upload_goes_on_after_a_reload_with_the_same_file(alice: User, visit: Visit, video_file: Make) -> None:
    recording = video_file("long.mp4", 12 * MEGABYTE)
    page = visit(alice, "/trainings/new/")
    send_only_the_first_piece(page, recording)
    row = page.get_by_role("list", name="Uploads").get_by_role("listitem")
    expect(row).to_contain_text("No connection at")

    page.on("dialog", lambda asked: asked.accept())  # "Leave the page?"
    page.reload()
    expect(row).to_contain_text("Continue from 41 %")
    page.unroute_all(behavior="ignoreErrors")

    row.locator("input[type=file]").set_input_files(video_file("other.mp4", 100))
    expect(row).to_contain_text("This is another file. Choose long.mp4")
    row.locator("input[type=file]").set_input_files(recording)
    page.wait_for_url(re.compile(r"/trainings/[0-9a-f-]{36}/$"))
    upload = Upload.objects.get()
    assert upload.path.read_bytes() == recording.read_bytes()


def test_a_server_that_answers_badly_for_a_moment_does_not_make_an_upload_begin_again(
    alice: User, visit: Visit, video_file: Make
) -> None:
    recording = video_file("long.mp4", 12 * MEGABYTE)
    page = visit(alice, "/trainings/new/")
    bad_answers = 0

    def answer_badly(route: Route) -> None:
        nonlocal bad_answers
        if bad_answers == 2 or not (is_later_piece(route.request) or route.request.method == "HEAD"):
            route.continue_()
        elif route.request.method == "HEAD":
            bad_answers += 1
            route.fulfill(status=502, body="Bad gateway")
        else:
            route.abort()

    send_in_small_pieces(page)
    page.route("**/api/uploads/**", answer_badly)
    page.set_input_files("#files", recording)
    page.wait_for_url(re.compile(r"/trainings/[0-9a-f-]{36}/$"))
    assert bad_answers == 2
    assert Upload.objects.get().path.read_bytes() == recording.read_bytes()


def test_an_upload_that_the_server_gave_up_begins_again(alice: User, visit: Visit, video_file: Make) -> None:
    recording = video_file("long.mp4", 12 * MEGABYTE)
    page = visit(alice, "/trainings/new/")
    send_only_the_first_piece(page, recording)
    Upload.objects.get().discard()
    page.unroute_all(behavior="ignoreErrors")
    page.wait_for_url(re.compile(r"/trainings/[0-9a-f-]{36}/$"))
    assert Training.objects.get().upload.path.read_bytes() == recording.read_bytes()


def test_an_upload_can_be_paused_continued_and_removed(alice: User, visit: Visit, video_file: Make) -> None:
    page = visit(alice, "/trainings/new/")
    send_only_the_first_piece(page, video_file("long.mp4", 12 * MEGABYTE))
    page.get_by_role("button", name="Pause").click()
    row = page.get_by_role("list", name="Uploads").get_by_role("listitem")
    expect(row).to_contain_text("Paused at")
    page.unroute_all(behavior="ignoreErrors")
    page.get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)
    assert Upload.objects.get().discarded_at


def test_150_megabytes_are_paused_and_go_on_with_speed_and_time_left(
    alice: User, visit: Visit, video_file: Make, server: RealServer
) -> None:
    recording = video_file("stock-count.mov", 150 * MEGABYTE)
    page = visit(alice, "/trainings/new/")
    slow_down(page, 15 * MEGABYTE)
    before = server.peak_memory()
    page.set_input_files("#files", recording)
    row = page.get_by_role("list", name="Uploads").get_by_role("listitem")
    expect(row).to_contain_text(re.compile(r"\d+ % · [\d.,]+ MB/s · \d+ sec left"))
    row.get_by_role("button", name="Pause").click()
    expect(row).to_contain_text("Paused at")
    paused_at = until(lambda: Upload.objects.get().offset, "the server notes the first piece")
    row.get_by_role("button", name="Go on").click()
    page.wait_for_url(re.compile(r"/trainings/[0-9a-f-]{36}/$"))
    upload = Upload.objects.get()
    assert 0 < paused_at < upload.offset == 150 * MEGABYTE
    assert digest(upload.path) == digest(recording)
    assert server.peak_memory() - before < 64 * MEGABYTE


def test_a_beginning_whose_answer_is_lost_counts_once(alice: User, visit: Visit, video_file: Make) -> None:
    Company.objects.update(quota_bytes=10 * MEGABYTE)
    page = visit(alice, "/trainings/new/")
    lost: list[Route] = []

    def lose_the_first_answer(route: Route) -> None:
        if not lost:
            route.fetch()
            lost.append(route)
            route.abort()
        else:
            route.continue_()

    page.route("**/api/uploads/", lose_the_first_answer)
    page.set_input_files("#files", video_file("refund.mp4", 6 * MEGABYTE))
    page.wait_for_url(re.compile(r"/trainings/[0-9a-f-]{36}/$"))
    assert lost
    assert Upload.objects.get().finished_at


def test_a_paused_upload_stays_paused_when_the_network_is_back(alice: User, visit: Visit, video_file: Make) -> None:
    page = visit(alice, "/trainings/new/")
    row = page.get_by_role("list", name="Uploads").get_by_role("listitem")
    page.clock.install()
    send_only_the_first_piece(page, video_file("long.mp4", 12 * MEGABYTE))
    for _ in range(10):  # more often than it asks again by itself: from then on it waits for the network
        with page.expect_event("requestfailed"):
            page.clock.run_for(10_000)
    page.get_by_role("button", name="Pause").click()
    expect(row).to_contain_text("Paused at")
    page.unroute_all(behavior="ignoreErrors")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    page.evaluate("dispatchEvent(new Event('online'))")
    page.clock.run_for(30_000)
    page.evaluate("fetch('/healthz')")
    assert asked == ["GET"]
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(re.compile(r"/trainings/[0-9a-f-]{36}/$"))
    assert asked.count("HEAD") == 1


def test_a_session_that_ends_keeps_the_file_and_what_was_sent(
    alice: User, visit: Visit, video_file: Make, live_site: RealServer
) -> None:
    recording = video_file("long.mp4", 12 * MEGABYTE)
    page = visit(alice, "/trainings/new/")
    row = page.get_by_role("list", name="Uploads").get_by_role("listitem")
    send_only_the_first_piece(page, recording)
    Session.objects.all().delete()
    page.unroute_all(behavior="ignoreErrors")
    expect(row).to_contain_text("You are signed out at 41 %. Log in again in another tab")
    expect(page.locator("#signed-out")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('tus::')).length") == 1

    page.context.add_cookies([{"name": "sessionid", "value": session_of(alice), "url": live_site.url}])
    row.get_by_role("button", name="Go on").click()
    page.wait_for_url(re.compile(r"/trainings/[0-9a-f-]{36}/$"))
    assert Upload.objects.get().path.read_bytes() == recording.read_bytes()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('tus::')).length") == 0


def test_a_viewer_is_told_that_making_trainings_is_for_others(vera: User, visit: Visit) -> None:
    page = visit(vera, "/trainings/new/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You may not do this")
    expect(page.get_by_role("link", name="New training")).to_have_count(0)


def send_in_small_pieces(page: Page) -> None:
    """Let the page send 5 MB at once, so that a small file has several pieces."""
    page.locator("upload-door").evaluate("(door, bytes) => (door.dataset.pieceBytes = bytes)", 5 * MEGABYTE)


def send_only_the_first_piece(page: Page, recording: Path) -> None:
    """Choose a file; let a small piece through and break the connection for all others until the routes are removed."""

    send_in_small_pieces(page)

    def cut(route: Route) -> None:
        if is_later_piece(route.request):
            route.abort()
        else:
            route.continue_()

    page.route("**/api/uploads/**", cut)
    with page.expect_event("requestfailed", is_later_piece):
        page.set_input_files("#files", recording)


def is_later_piece(request: Request) -> bool:
    return request.method == "PATCH" and request.headers["upload-offset"] != "0"


def slow_down(page: Page, bytes_per_second: int) -> None:
    """Send no faster than that, so that there is something to see."""
    network = page.context.new_cdp_session(page)
    speeds = {"uploadThroughput": bytes_per_second, "downloadThroughput": -1}
    network.send("Network.emulateNetworkConditions", {"offline": False, "latency": 0, **speeds})


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def drop(page: Page, name: str, media_type: str) -> None:
    page.evaluate(
        """([name, type]) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(2048)], name, { type }));
            for (const kind of ["dragover", "drop"]) {
                document.querySelector(".door").dispatchEvent(
                    new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
            }
        }""",
        [name, media_type],
    )
