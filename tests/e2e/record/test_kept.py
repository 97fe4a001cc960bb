"""What is left of a recording when its tab, its browser or its connection dies."""

from __future__ import annotations

import random
import re
from contextlib import suppress

import av
import pytest
from playwright.sync_api import Error, Locator, Page, expect

from tests.e2e.record.conftest import Desk, Sit, length
from tests.trainings.real_server import RealServer
from trainai.accounts.models import User
from trainings.models import Training, Upload

pytestmark = pytest.mark.browser
LOST_SECONDS = 5
"""The most that a crash may cost."""
WRITE_MP4 = """() => {
    const Native = MediaRecorder;
    window.MediaRecorder = class extends Native {
        static isTypeSupported(type) {
            return type.startsWith("video/mp4") || Native.isTypeSupported(type);
        }
        constructor(stream, wanted) {
            super(stream, { ...wanted, mimeType: 'video/mp4;codecs="avc1.640033,opus"' });
        }
    };
}"""
"""What is chosen first where AAC can be written: the same container, which gives its bytes at keyframes only."""


@pytest.mark.parametrize("container", ["mp4", "webm"])
def test_a_tab_killed_at_any_second_loses_a_few_at_most(desk: Desk, container: str) -> None:
    if container == "mp4":
        desk.page.evaluate(WRITE_MP4)
    desk.record(random.uniform(5, 9))
    recorded = desk.shown_seconds()
    crash(desk)
    desk.page = desk.open()
    expect(offers(desk.page)).to_contain_text("We kept an unsent recording from")
    desk.button("Send it").click()
    training = desk.training()
    assert length(training) > recorded - LOST_SECONDS
    with av.open(str(training.upload.path)) as file:
        assert container in file.format.name
    desk.page.goto("/trainings/new/")
    expect(offers(desk.page)).to_have_count(0)


def test_a_killed_browser_keeps_what_was_recorded_without_a_connection(sit: Sit, alice: User) -> None:
    with sit(alice) as desk:
        desk.record(2)
        desk.context.set_offline(True)
        desk.wait_until_recorded(8)
        recorded = desk.shown_seconds()
        desk.kill()
    with sit(alice) as desk:
        desk.button("Send it").click()
        assert length(desk.training()) > recorded - LOST_SECONDS


def test_without_a_connection_it_is_kept_here_and_sent_later(desk: Desk) -> None:
    desk.record()
    desk.wait_until_safe(2)
    desk.context.set_offline(True)
    expect(desk.strip).to_contain_text(re.compile(r"No connection. \d+ s are kept on this computer and will be sent"))
    recorded = desk.shown_seconds() + 4
    desk.wait_until_recorded(recorded)
    desk.button("Stop").click()
    expect(desk.strip).to_contain_text("kept on this computer and will be sent")
    desk.context.set_offline(False)
    assert length(desk.training()) > recorded - 1.5
    assert Upload.objects.count() == 1


def test_a_server_that_dies_twice_gets_every_byte_once(desk: Desk, live_site: RealServer) -> None:
    desk.record()
    for second in (2, 4):
        desk.wait_until_safe(second)
        live_site.kill()
        desk.wait_until_recorded(desk.shown_seconds() + 2)
        live_site.start()
    recorded = desk.shown_seconds()
    assert length(desk.stop()) > recorded - 1.5
    assert Upload.objects.count() == 1


def test_a_recording_is_not_offered_while_another_tab_still_makes_it(desk: Desk) -> None:
    desk.record(2)
    other = desk.open()
    expect(offers(other)).to_have_count(0)
    other.close()
    desk.stop()


def test_leaving_the_page_is_asked_about_and_what_was_recorded_can_be_deleted(desk: Desk) -> None:
    desk.record(2)
    with desk.page.expect_event("dialog") as asked:
        desk.page.on("dialog", lambda dialog: dialog.accept())
        desk.page.reload()
    assert asked.value.type == "beforeunload"
    desk.button("Delete").click()
    expect(offers(desk.page)).to_have_count(0)
    desk.page.reload()
    expect(offers(desk.page)).to_have_count(0)
    assert not Training.objects.filter(deleted_at=None).exists()
    assert Upload.objects.get().discarded_at


def offers(page: Page) -> Locator:
    """Return what the page offers to send, once it has looked."""
    expect(page.locator("kept-recordings[data-looked]")).to_have_count(1)
    return page.locator("kept-recordings .kept")


def crash(desk: Desk) -> None:
    """Kill the tab's process."""
    with desk.page.expect_event("crash"), suppress(Error):  # nobody is left to answer
        desk.page.goto("chrome://crash", timeout=3_000)
