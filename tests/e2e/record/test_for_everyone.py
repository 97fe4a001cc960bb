"""A recording for everybody: by the keyboard alone, and axe finds nothing serious in any of its states."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import serious
from tests.e2e.record.conftest import Sit
from trainai.accounts.models import User

pytestmark = pytest.mark.browser
TABS = 40
"""More than the page has places to stop at."""


@pytest.mark.parametrize("width", [1280, 390])
def test_a_recording_needs_no_mouse(sit: Sit, alice: User, width: int) -> None:
    with sit(alice, width=width) as desk:
        press = desk.page.keyboard.press
        tab_to(desk.page, desk.button("Choose what to record"))
        press("Enter")
        expect(desk.strip).to_contain_text("Ready to record")
        expect(desk.button("Start recording")).to_be_focused()
        look(desk.page)
        press("Enter")
        expect(desk.button("Cancel")).to_be_focused()
        desk.wait_until_recorded(1)
        expect(desk.button("Stop")).to_be_focused()
        look(desk.page)
        press("m")
        expect(desk.strip).to_contain_text("New part marked at")
        tab_to(desk.page, desk.button("Pause"))
        press("Enter")
        expect(desk.strip).to_contain_text("Paused at")
        look(desk.page)
        tab_to(desk.page, desk.button("Continue"))
        press("Enter")
        desk.wait_until_recorded(2)
        tab_to(desk.page, desk.button("Stop"))
        press("Enter")
        desk.training()
        expect(desk.page.get_by_role("heading", level=1)).to_be_focused()


def tab_to(page: Page, wanted: Locator) -> None:
    """Go on from stop to stop until it has the focus."""
    for _ in range(TABS):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    expect(wanted).to_be_focused()


def look(page: Page) -> None:
    """Nobody is kept out of the page as it is, and nothing has to be pushed sideways."""
    assert not serious(page)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
