"""What axe finds on a page as it is now."""

from __future__ import annotations

from django.conf import settings
from playwright.sync_api import Page

AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
# media-chrome names it "Playback rate 1" beside its text "1x": close enough for a voice user.
NOT_OURS = {"exclude": [["media-playback-rate-button"]]}
SERIOUS = ("serious", "critical")


def serious(page: Page) -> list[str]:
    """Return what keeps somebody from using the page, a line each."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("(context) => axe.run(context)", NOT_OURS)
    return [
        f"{each['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for each in found["violations"]
        if each["impact"] in SERIOUS
        for node in each["nodes"][:3]
    ]
