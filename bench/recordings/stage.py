"""The browser in front of the camera: our pages, no network, and a time that only the camera moves."""

from __future__ import annotations

import os
import shutil
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, Route, sync_playwright

PAGES = Path(__file__).parent / "pages"
ORIGIN = "http://recording.test"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTH, HEIGHT = 1280, 720
NOW = "2026-03-09T09:41:00"
"""The date all pages live in, so that two takes look the same."""
ANIMATE = """ms => { for (const a of document.getAnimations()) {
  a.pause(); const end = a.effect.getComputedTiming().endTime, next = a.currentTime + ms;
  if (next >= end) a.finish(); else a.currentTime = next; } }"""


class Stage:
    """A page whose timers and animations stand still until `advance` is called."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._wire = page.context.new_cdp_session(page)

    def open(self, name: str) -> None:
        """Load the page `name` of our folder and stop its clock."""
        self.page.clock.install(time=NOW)
        self.page.goto(f"{ORIGIN}/{name}")
        self.page.evaluate("document.fonts.ready")
        self.page.add_script_tag(url=f"{ORIGIN}/kit/pointer.js")
        self.page.clock.pause_at("2026-03-09T09:42:00")

    def advance(self, milliseconds: int) -> None:
        """Let timers and animations run on by that much."""
        self.page.clock.run_for(milliseconds)
        self.page.evaluate(ANIMATE, milliseconds)

    def centre(self, selector: str) -> tuple[float, float]:
        """Return the middle of what `selector` names. Raises playwright's error when it is not to be seen at once."""
        target = self.page.locator(f"{selector} >> visible=true").first
        box = target.bounding_box(timeout=5_000)
        if box is None:
            raise LookupError(f"{selector} is not on the page")
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def point(self, x: float, y: float, pressed: float) -> None:
        """Draw the pointer; `pressed` fades from 1 to 0 after a click."""
        self.page.mouse.move(x, y)
        self.page.evaluate("([x, y, pressed]) => drawPointer(x, y, pressed)", [x, y, pressed])

    def picture(self) -> bytes:
        """Return what is to be seen now, as PNG."""
        shot = self._wire.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
        return b64decode(shot["data"])


@contextmanager
def stage() -> Iterator[Stage]:
    """Start Chromium with our pages as its only site."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        try:
            context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale="en-US")
            context.route("**/*", serve)
            yield Stage(context.new_page())
        finally:
            browser.close()


def launch(playwright: Playwright) -> Browser:
    """Start Chromium; without one on the system, playwright looks for its own."""
    arguments = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    # Without hinting of the machine's own, letters look the same on every Linux.
    return playwright.chromium.launch(executable_path=chromium(), args=[*arguments, "--font-render-hinting=none"])


def chromium() -> str | None:
    """Return the browser to use: the one `CHROMIUM` names, else the system's."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def serve(route: Route) -> None:
    """Answer from the folder of pages; anything else does not exist."""
    path = route.request.url.removeprefix(f"{ORIGIN}/").partition("?")[0]
    if (PAGES / path).is_file():
        route.fulfill(path=PAGES / path)
    else:
        route.abort()
