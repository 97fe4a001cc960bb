"""What a person is told before it is too late."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from tests.e2e.axe import serious
from tests.e2e.conftest import session_of
from tests.e2e.record.conftest import Desk, length
from tests.trainings.real_server import RealServer
from trainai.accounts.models import Company, User
from trainings.models import Training, Upload

pytestmark = pytest.mark.browser
MEGABYTE = 1024 * 1024
KEEP_MICROPHONES = """() => {
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    window.microphones = [];
    navigator.mediaDevices.getUserMedia = async (wanted) => {
        if (window.none) throw new DOMException("none", "NotFoundError");
        const stream = await open(wanted);
        window.microphones.push(stream.getAudioTracks()[0]);
        return stream;
    };
}"""
UNPLUG = """() => {
    const track = window.microphones.at(-1);
    track.stop();
    track.dispatchEvent(new Event("ended"));
}"""


def test_little_space_is_announced_and_the_recording_saved_before_it_is_used_up(desk: Desk) -> None:
    desk.record(1)
    tell_space(desk, 5 * MEGABYTE)
    expect(desk.strip).to_contain_text("of space left")
    tell_space(desk, MEGABYTE // 4)
    desk.training()


def test_little_space_is_announced_before_the_start_and_none_keeps_from_starting(desk: Desk) -> None:
    tell_space(desk, 5 * MEGABYTE)
    desk.choose()
    expect(desk.strip).to_contain_text("of space left. Free some before you start")
    tell_space(desk, MEGABYTE)
    desk.button("Start recording").click()
    expect(desk.strip).to_contain_text("Not started: there is no space for a recording.")
    tell_space(desk, 1024 * MEGABYTE)
    desk.button("Start recording").click()
    desk.wait_until_recorded(1)
    desk.stop()


def test_a_full_company_is_told_before_the_start(desk: Desk) -> None:
    Company.objects.update(quota_bytes=0)
    desk.page.reload()
    expect(desk.page.get_by_text("Your company has no space left: what you record could not be saved.")).to_be_visible()
    expect(desk.button("Choose what to record")).to_be_disabled()


def test_what_a_company_that_is_full_since_cannot_take_is_not_called_saved(desk: Desk) -> None:
    desk.choose()
    Company.objects.update(quota_bytes=0)
    desk.button("Start recording").click()
    desk.wait_until_recorded(2)
    expect(desk.strip).to_contain_text("Not sent yet: Your company may keep")
    desk.button("Stop").click()
    expect(desk.strip).to_contain_text("Recording stopped. Sending the last")
    expect(desk.strip).to_contain_text("s are kept on this computer; we keep trying.")
    assert not Training.objects.exists()
    Company.objects.update(quota_bytes=None)
    assert length(desk.training()) > 1


def test_a_disk_that_is_full_without_a_warning_costs_nothing(desk: Desk) -> None:
    desk.record()
    desk.wait_until_safe(2)
    fill_the_disk(desk)
    assert length(desk.training()) > 1
    assert Upload.objects.get().is_complete


def test_a_full_disk_first_forgets_what_the_server_has(desk: Desk) -> None:
    desk.record()
    desk.wait_until_safe(2)
    fill_the_disk(desk, times=1)
    expect(desk.strip).to_contain_text("disk is full")
    before = desk.shown_seconds()
    desk.wait_until_recorded(before + 2)
    assert length(desk.stop()) > before


def test_another_microphone_takes_over_when_one_is_unplugged(desk: Desk) -> None:
    desk.page.evaluate(KEEP_MICROPHONES)
    desk.record(1)
    desk.page.evaluate(UNPLUG)
    expect(desk.strip).to_contain_text("The microphone was unplugged. Fake")
    desk.stop()


def test_without_any_microphone_left_it_says_that_steps_need_a_voice(desk: Desk) -> None:
    desk.page.evaluate(KEEP_MICROPHONES)
    desk.record(1)
    desk.page.evaluate("window.none = true")
    desk.page.evaluate(UNPLUG)
    expect(desk.strip).to_contain_text("No microphone. Steps need your voice")
    desk.page.set_viewport_size({"width": 390, "height": 900})
    assert not serious(desk.page)
    assert desk.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    desk.page.evaluate("window.none = false")
    desk.page.get_by_label("Microphone").select_option(index=0)
    expect(desk.strip).not_to_contain_text("No microphone. Steps")
    desk.stop()


def test_a_session_that_ends_leaves_the_recording_alone(desk: Desk, alice: User, live_site: RealServer) -> None:
    desk.record(1)
    Session.objects.all().delete()
    expect(desk.page.locator("#signed-out")).to_be_visible()
    expect(desk.strip).to_contain_text("Not sent yet: you are signed out; log in again in another tab.")
    before = desk.shown_seconds()
    desk.wait_until_recorded(before + 1)
    desk.context.add_cookies([{"name": "sessionid", "value": session_of(alice), "url": live_site.url}])
    expect(desk.page.locator("#signed-out")).to_be_hidden()
    assert length(desk.stop()) > before


def tell_space(desk: Desk, left: int) -> None:
    """Let the browser say that so many bytes are left, as those do that tell it."""
    desk.page.evaluate("(quota) => { navigator.storage.estimate = async () => ({ quota, usage: 0 }) }", left)


def fill_the_disk(desk: Desk, times: int = 1000) -> None:
    """Let the disk refuse so many pieces. (The browser's own limit is only looked at every few megabytes.)"""
    desk.page.evaluate(
        """(times) => {
            const add = IDBObjectStore.prototype.add;
            IDBObjectStore.prototype.add = function (value) {
                if (times-- > 0) throw new DOMException("full", "QuotaExceededError");
                return add.call(this, value);
            };
        }""",
        times,
    )
