"""The recorder above all other windows, while the person works elsewhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.record.conftest import Desk

pytestmark = pytest.mark.browser
TIME = "() => documentPictureInPicture.window?.document.querySelector('[data-part=time]').textContent > '00:01'"
PRESS = "(name) => documentPictureInPicture.window.document.querySelector(`[data-do=${name}]`).click()"
STATE = "() => documentPictureInPicture.window.document.querySelector('.small-window').dataset.state"


def test_the_small_window_tells_the_time_and_pauses_marks_and_stops(desk: Desk) -> None:
    desk.record(1)
    desk.button("Small window").click()
    desk.page.wait_for_function(TIME)
    desk.page.evaluate(PRESS, "mark")
    expect(desk.strip).to_contain_text("New part marked at")
    desk.page.evaluate(PRESS, "pause")
    expect(desk.strip).to_contain_text("Paused at")
    assert desk.page.evaluate(STATE) == "paused"
    desk.page.evaluate(PRESS, "resume")
    expect(desk.strip).to_contain_text("Recording again.")
    desk.page.evaluate(PRESS, "stop")
    assert desk.training().marks


def test_the_keys_work_in_the_small_window_too(desk: Desk) -> None:
    desk.record(1)
    desk.button("Small window").click()
    desk.page.wait_for_function(TIME)
    small = desk.context.pages[-1]
    small.keyboard.press("m")
    expect(desk.strip).to_contain_text("New part marked at")
    small.keyboard.press("p")
    expect(desk.strip).to_contain_text("Paused at")
    small.keyboard.press("p")
    expect(desk.strip).to_contain_text("Recording again.")
    assert desk.stop().marks
