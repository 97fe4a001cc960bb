"""A browser that cannot begin a recording, or stops one by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.record.conftest import Desk, length
from trainings.models import Training, Upload

pytestmark = pytest.mark.browser
KEEP_RECORDERS = """() => {
    window.recorders = [];
    window.MediaRecorder = class extends MediaRecorder {
        constructor(...how) {
            super(...how);
            window.recorders.push(this);
        }
    };
}"""
NO_STORE = "IDBFactory.prototype.open = () => { throw new DOMException('It is blocked.', 'SecurityError') }"
HOLD_LOCKS = """() => {
    const request = LockManager.prototype.request;
    const held = new Promise((resolve) => (window.letGo = resolve));
    LockManager.prototype.request = async function (...wanted) {
        window.isAsked = true;
        await held;
        return request.apply(this, wanted);
    };
}"""


@pytest.mark.parametrize("death", ["dispatchEvent(new Event('error'))", "stop()"], ids=["an error", "a stop"])
def test_an_encoder_that_dies_ends_the_recording_and_offers_another(desk: Desk, death: str) -> None:
    desk.page.evaluate(KEEP_RECORDERS)
    desk.record(3)
    recorded = desk.shown_seconds()
    desk.page.evaluate(f"window.recorders[0].{death}")
    expect(desk.strip).to_contain_text("The browser stopped recording by itself. What you recorded is saved.")
    training = Training.objects.get()
    assert Upload.objects.get().finished_at
    assert length(training) > recorded - 1.5
    expect(desk.page.get_by_role("link", name="Open the training (in a new tab)")).to_have_attribute(
        "href", f"{training.get_absolute_url()}#heading"
    )
    desk.button("Go on with a new recording").click()
    desk.record(1)
    assert desk.stop() != training


def test_a_browser_that_stores_nothing_says_that_it_cannot_begin(desk: Desk) -> None:
    desk.page.add_init_script(NO_STORE)
    desk.page.reload()
    desk.choose()
    desk.button("Start recording").click()
    told = desk.page.locator("[data-part=door]")
    expect(told).to_contain_text("The recording could not begin: It is blocked.")
    expect(desk.button("Choose what to record")).to_be_focused()
    assert not Upload.objects.exists()


def test_a_browser_that_can_write_no_recording_is_told_apart(desk: Desk) -> None:
    desk.page.add_init_script("MediaRecorder.isTypeSupported = () => false")
    desk.page.reload()
    expect(desk.page.get_by_text("This browser cannot record a screen.")).to_be_visible()
    expect(desk.button("Choose what to record")).to_be_disabled()


def test_escape_counts_also_while_the_recording_just_begins(desk: Desk) -> None:
    desk.page.evaluate(HOLD_LOCKS)
    desk.choose()
    desk.button("Start recording").click()
    desk.page.wait_for_function("() => window.isAsked")
    desk.page.keyboard.press("Escape")
    expect(desk.strip).to_contain_text("Not started.")
    desk.page.evaluate("window.letGo()")
    desk.button("Start recording").click()
    desk.wait_until_recorded(1)
    training = desk.stop()
    assert Upload.objects.get() == training.upload
