"""The main path: a recording goes in, the tab is closed in between, a training comes out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.trainings import recordings_factory, spoken
from trainai.accounts.models import User

pytestmark = pytest.mark.browser
MADE_WITHIN_MILLISECONDS = 240_000
SAID = (
    "First, open the orders page in the menu.",
    "Then type the order number into the search box.",
    "Be careful, the name must match the ticket.",
    "Now press the refund button at the top right.",
)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A few spoken steps over a moving picture."""
    sound = spoken.write(tmp_path / "said.wav", spoken.speak(*SAID))
    target = tmp_path / "refund-an-order.mp4"
    picture = ("-f", "lavfi", "-i", "testsrc2=size=640x360:rate=10")
    recordings_factory.make(target, *picture, "-i", str(sound), "-shortest", "-pix_fmt", "yuv420p")
    return target


@pytest.mark.timeout(600)
def test_a_recording_becomes_a_training_though_the_tab_is_closed(
    alice: User, visit: Visit, workers: None, recording: Path
) -> None:
    page = visit(alice, "/trainings/new/")
    page.set_input_files("#files", recording)
    page.wait_for_url(re.compile(r"/trainings/[0-9a-f-]{36}/$"))
    address = page.url
    page.close()

    page = visit(alice, address)
    expect(page.locator("#state")).to_contain_text("Ready", timeout=MADE_WITHIN_MILLISECONDS)
    steps = page.locator(".step")
    expect(steps).not_to_have_count(0)
    expect(steps.first).to_contain_text("order")
    picture = steps.first.get_by_role("img")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=picture.element_handle())

    steps.last.locator(".chip").click()
    start = float(steps.last.get_attribute("data-start") or 0)
    page.wait_for_function("start => document.querySelector('video').currentTime > start", arg=start)
    expect(steps.last).to_have_attribute("aria-current", "true")
    assert page.evaluate("document.querySelector('video').currentSrc").startswith("blob:")
    captions = "[...document.querySelector('video').textTracks].find((track) => track.kind === 'captions')"
    page.wait_for_function(f"() => {captions}.mode === 'showing' && {captions}.cues?.length > 2")

    page.get_by_role("tab", name="Transcript").click()
    line = page.get_by_role("link", name=re.compile("search box"))
    line.click()
    page.wait_for_function(
        "time => Math.abs(document.querySelector('video').currentTime - time) < 2",
        arg=float(line.get_attribute("data-seek") or 0),
    )
    page.goto("/")
    card = page.get_by_role("listitem").filter(has_text="Ready")
    page.wait_for_function("image => image.naturalWidth > 0", arg=card.locator("img").element_handle())
