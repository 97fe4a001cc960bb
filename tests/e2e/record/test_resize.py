"""A window that changes its size while it is recorded."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.record.conftest import Desk

pytestmark = pytest.mark.browser
PLAY_TO_THE_END = """() => new Promise((resolve) => {
    const video = document.querySelector("video");
    const sizes = new Set();
    video.addEventListener("timeupdate", () => sizes.add(video.videoWidth));
    video.addEventListener("error", () => resolve(video.error.message));
    video.addEventListener("ended", () => resolve([...sizes]));
    video.muted = true;
    video.playbackRate = 2;
    video.play();
})"""


@pytest.mark.usefixtures("listening_workers")
def test_a_surface_that_changes_its_size_streams_to_its_end(desk: Desk) -> None:
    desk.record(3)
    desk.shop.set_viewport_size({"width": 801, "height": 603})
    desk.wait_until_recorded(6)
    desk.stop()
    expect(desk.page.locator("training-player[data-hls]:not([data-hls=''])")).to_be_visible(timeout=120_000)
    desk.page.reload()
    widths = desk.page.evaluate(PLAY_TO_THE_END)
    assert len(widths) == 2, widths
