"""A minute of recording with everything at once: heard along, watched in a second tab, cut off the network for 20 s."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.record.conftest import Desk, Sit, length
from tests.trainings import spoken
from tests.trainings.transcription.conftest import SAID
from trainai.accounts.models import User
from trainings.models import Segment, Training, Upload

pytestmark = pytest.mark.browser
CUT_SECONDS = 20
TOLD = ("billing page", "blue button", "name of the customer", "long list", "total", "number", "message", "press save")
"""Some words of each sentence that is said."""


@pytest.fixture
def narrator(sit: Sit, alice: User, tmp_path: Path) -> Iterator[Desk]:
    """Alice's desk, with half a minute of different sentences in the microphone, over and over."""
    with sit(alice, voice=spoken.write(tmp_path / "narration.wav", spoken.speak(*SAID))) as desk:
        yield desk


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("listening_workers")
def test_a_minute_is_heard_along_survives_a_cut_and_is_the_same_in_two_tabs(narrator: Desk) -> None:
    desk = narrator
    desk.record()
    desk.wait_until_safe(1)
    training = Training.objects.get()
    watching = desk.open()
    watching.goto(f"{training.get_absolute_url()}#panel-transcript")
    lines = watching.locator("#transcript .spoken")
    expect(lines.first).to_be_visible(timeout=60_000)
    assert Upload.objects.get().finished_at is None  # first lines while it is still recorded

    desk.page.bring_to_front()
    desk.context.set_offline(True)
    expect(desk.strip).to_contain_text("are kept on this computer and will be sent")
    desk.wait_until_recorded(desk.shown_seconds() + CUT_SECONDS)
    desk.context.set_offline(False)
    desk.wait_until_recorded(60)
    recorded = desk.shown_seconds()
    assert desk.stop() == training
    assert length(training) > recorded - 1.5

    for page in (watching, desk.page):
        page.bring_to_front()
        expect(page.locator("#state")).to_contain_text("Ready", timeout=180_000)
    heard = " ".join(Segment.objects.filter(transcript__training=training).values_list("text", flat=True)).lower()
    assert sum(words in heard for words in TOLD) >= 0.75 * len(TOLD), heard  # by the small model
    assert (
        watching.locator("#transcript .spoken").all_text_contents()
        == desk.page.locator("#transcript .spoken").all_text_contents()
    )
