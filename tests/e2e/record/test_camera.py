"""The camera's picture in the small window. The camera is Chromium's own test picture."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import serious
from tests.e2e.record.conftest import Desk
from tests.trainings.real_server import RealServer

pytestmark = pytest.mark.browser
SEEN = """() => {
    const video = documentPictureInPicture.window?.document.querySelector("video");
    return video && !video.hidden && video.videoWidth > 0 && video.currentTime > 0;
}"""
LIVE = "() => documentPictureInPicture.window.document.querySelector('video').srcObject?.active ?? false"
WHOLE_SCREEN = "MediaStreamTrack.prototype.getSettings = () => ({ displaySurface: 'monitor' })"


def test_the_camera_is_seen_in_the_small_window_and_goes_with_it(desk: Desk, live_site: RealServer) -> None:
    desk.context.grant_permissions(["microphone", "camera"], origin=live_site.url)
    desk.choose()
    camera = desk.button("Camera")
    camera.press("Enter")
    expect(desk.strip).to_contain_text("but not in the recording: for that, choose the whole screen")
    desk.page.wait_for_function(SEEN)
    expect(camera).to_have_attribute("aria-pressed", "true")
    for page in (desk.page, desk.context.pages[-1]):  # the strip, and the small window
        assert not serious(page)
    camera.press("Enter")
    expect(desk.strip).to_contain_text("The camera is off.")
    assert not desk.page.evaluate(LIVE)
    desk.page.evaluate(WHOLE_SCREEN)
    camera.press("Enter")
    expect(desk.strip).to_contain_text("Your picture is in the small window, and so in the recording.")
    desk.page.evaluate("documentPictureInPicture.window.close()")
    expect(camera).to_have_attribute("aria-pressed", "false")


def test_without_windows_of_a_page_the_browser_shows_the_picture_alone(desk: Desk, live_site: RealServer) -> None:
    """As in Safari."""
    desk.context.grant_permissions(["microphone", "camera"], origin=live_site.url)
    desk.page.add_init_script("delete window.documentPictureInPicture")
    desk.page.reload()
    desk.choose()
    expect(desk.button("Small window")).to_be_hidden()
    camera = desk.button("Camera")
    camera.press("Enter")
    expect(desk.strip).to_contain_text("but not in the recording: for that, choose the whole screen")
    desk.page.wait_for_function("() => document.pictureInPictureElement?.currentTime > 0")
    desk.page.evaluate("document.exitPictureInPicture()")
    expect(desk.strip).to_contain_text("The camera is off.")
    expect(camera).to_have_attribute("aria-pressed", "false")
    camera.press("Enter")
    desk.page.wait_for_function("() => document.pictureInPictureElement?.currentTime > 0")
    desk.button("Cancel").click()
    desk.page.wait_for_function("() => !document.pictureInPictureElement")


def test_a_browser_that_cannot_show_a_camera_says_so(desk: Desk) -> None:
    """As in Firefox."""
    desk.page.add_init_script(
        "delete window.documentPictureInPicture; delete HTMLVideoElement.prototype.requestPictureInPicture"
    )
    desk.page.reload()
    expect(desk.page.get_by_text("The picture of your camera needs Chrome, Edge or Safari")).to_be_visible()
    desk.choose()
    expect(desk.button("Camera")).to_be_hidden()


def test_a_camera_that_may_not_be_used_stands_in_nobodys_way(desk: Desk) -> None:
    desk.choose()
    desk.button("Camera").click()
    expect(desk.strip).to_contain_text("The camera may not be used. Allow it for this page")
    expect(desk.button("Camera")).to_have_attribute("aria-pressed", "false")
    desk.button("Start recording").click()
    desk.wait_until_recorded(1)
    desk.stop()
