"""A screen recording, from the choice of a tab to the training. What is recorded and said is real."""

from __future__ import annotations

import re
from pathlib import Path

import av
import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.record.conftest import Desk, Sit, length
from trainai.accounts.models import User
from trainings.models import Segment, Training, Upload

pytestmark = pytest.mark.browser
TONE_HERTZ = 880
SPEAK_A_TONE = """(hertz) => {
    navigator.mediaDevices.getUserMedia = async () => {
        const context = new AudioContext();
        const out = context.createMediaStreamDestination();
        const tone = new OscillatorNode(context, { frequency: hertz });
        tone.connect(out);
        tone.start();
        return out.stream;
    };
}"""
RECORDED_AND_SAFE = "() => (({ max, value }) => [max, value])(document.querySelector('.strip .lane'))"
UNSENT_SECONDS = 5
"""The most that is still on its way while it is recorded."""
SLACK_SECONDS = 1.5
"""A recorder starts with its first picture and ends with its last sound."""


def test_a_recording_is_on_the_server_before_it_is_stopped(desk: Desk) -> None:
    desk.record(8)
    desk.wait_until_safe(2)
    recorded, safe = desk.page.evaluate(RECORDED_AND_SAFE)
    upload = Upload.objects.get()
    assert upload.finished_at is None
    assert safe > recorded - UNSENT_SECONDS
    assert length(Training.objects.get()) > safe - SLACK_SECONDS  # what lies on the server, and not what the page says
    training = desk.stop()
    assert training.upload == upload
    heading = desk.page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Recording of")
    expect(heading).to_be_focused()


def test_it_tells_whether_it_hears_anything_before_the_start(desk: Desk) -> None:
    desk.choose()
    expect(desk.strip).to_contain_text("We can hear you.")
    expect(desk.button("Start recording")).to_be_focused()


def test_a_muted_microphone_is_noticed_before_the_start_and_while_recording(
    sit: Sit, alice: User, silence: object
) -> None:
    with sit(alice, voice=silence) as desk:
        desk.page.clock.install()
        desk.choose()
        expect(desk.page.get_by_label("Microphone")).to_have_value(re.compile("."))
        desk.page.clock.run_for(4_900)
        assert "We hear nothing. Say something" in desk.strip.inner_text()
        desk.page.clock.resume()
        desk.button("Start recording").click()
        expect(desk.strip).to_contain_text("We hear nothing. Check the microphone")


def test_escape_stops_the_countdown(desk: Desk) -> None:
    desk.choose()
    desk.button("Start recording").click()
    expect(desk.strip).to_contain_text("Starting in 3")
    desk.page.keyboard.press("Escape")
    expect(desk.strip).to_contain_text("We can hear you.")
    expect(desk.strip).to_contain_text("Not started.")
    desk.button("Cancel").click()
    expect(desk.strip).to_be_hidden()
    assert not Upload.objects.exists()


def test_a_pause_is_not_part_of_the_recording(desk: Desk) -> None:
    desk.record(2)
    desk.page.keyboard.press("p")
    expect(desk.strip).to_contain_text("Paused at")
    shown = desk.shown_seconds()
    pause_until = desk.page.evaluate("performance.now() + 4000")
    desk.page.wait_for_function("(until) => performance.now() > until", arg=pause_until)
    desk.page.keyboard.press("p")
    desk.wait_until_recorded(shown + 2)
    before_stop = desk.shown_seconds()
    training = desk.stop()
    assert abs(length(training) - before_stop) < SLACK_SECONDS


def test_ending_the_sharing_in_the_browsers_bar_is_an_ordinary_end(desk: Desk) -> None:
    desk.record(2)
    desk.shop.close()
    desk.training()
    assert Training.objects.count() == 1


def test_why_it_ended_and_what_is_still_to_be_sent_are_told_together(desk: Desk) -> None:
    desk.record()
    desk.wait_until_safe(1)
    desk.context.set_offline(True)
    desk.wait_until_recorded(3)
    desk.shop.close()
    expect(desk.strip).to_contain_text(re.compile(r"Sharing was stopped\. Sending the last \d+ s\."))
    address = Training.objects.get().get_absolute_url()
    link = desk.page.get_by_role("link", name="Open the training (in a new tab)")
    expect(link).to_have_attribute("href", f"{address}#heading")
    desk.context.set_offline(False)
    desk.training()


def test_ending_the_sharing_before_the_start_says_so_where_it_can_be_seen(desk: Desk) -> None:
    desk.choose()
    desk.shop.close()
    expect(desk.page.locator("[data-part=door]")).to_have_text(re.compile("Sharing was stopped before the recording"))
    expect(desk.page.locator("[data-part=door]")).to_be_visible()
    expect(desk.button("Choose what to record")).to_be_focused()
    assert not Training.objects.exists()


@pytest.mark.usefixtures("listening_workers")
def test_what_was_said_is_in_the_transcript_and_a_marked_part_is_a_chapter(desk: Desk) -> None:
    desk.record(14)
    desk.page.keyboard.press("m")
    expect(desk.strip).to_contain_text("New part marked at")
    desk.wait_until_recorded(desk.shown_seconds() + 14)
    training = desk.stop()
    page = desk.page
    expect(page.locator("#panel-steps")).to_contain_text(re.compile("order|refund|button", re.I), timeout=120_000)
    training.refresh_from_db()
    assert len(training.marks) == 1
    heard = " ".join(Segment.objects.filter(transcript__training=training).values_list("text", flat=True)).lower()
    words = ("open", "order", "click", "refund", "button")
    assert sum(word in heard for word in words) >= 4, heard  # by the smallest model
    assert len(training.sop.chapters.all()) > 1
    expect(page.locator(".badge", has_text="Ready")).to_be_visible(timeout=120_000)


def test_its_page_is_there_meanwhile_and_fills_when_it_ends(desk: Desk) -> None:
    desk.record()
    desk.wait_until_safe(1)
    training = Training.objects.get()
    watching = desk.context.new_page()
    watching.goto(training.get_absolute_url())
    expect(watching.get_by_text("It is being recorded.")).to_be_visible()
    expect(watching.get_by_text("It plays here as soon as the recording has ended.")).to_be_visible()
    assert desk.stop() == training
    watching.bring_to_front()
    expect(watching.locator("training-player")).to_be_visible()
    expect(watching.get_by_text("It is being recorded.")).to_have_count(0)
    watching.close()


def test_five_recordings_at_once_keep_their_order_and_do_not_mix(desk: Desk) -> None:
    pages = [desk.page, *(desk.open() for _ in range(4))]
    for place, desk.page in enumerate(pages):
        desk.page.bring_to_front()
        desk.page.evaluate(SPEAK_A_TONE, tone_of(place))
        desk.record(1)
    begun = list(Training.objects.order_by("created_at").values_list("id", flat=True))
    for place, desk.page in enumerate(pages):
        desk.page.bring_to_front()
        shown = desk.shown_seconds()
        training = desk.stop()
        assert training.id == begun[place]
        assert abs(length(training) - shown) < SLACK_SECONDS + 1
        assert loudest_hertz(training.upload.path) == pytest.approx(tone_of(place), abs=10)
    assert Upload.objects.filter(finished_at__isnull=False).count() == 5


def test_the_tabs_own_sound_is_in_the_one_audio_track(sit: Sit, alice: User, silence: object) -> None:
    with sit(alice, voice=silence) as desk:
        desk.shop.evaluate(
            """hertz => {
                const context = new AudioContext();
                const tone = new OscillatorNode(context, { frequency: hertz });
                tone.connect(context.destination);
                tone.start();
            }""",
            TONE_HERTZ,
        )
        desk.record(4)
        training = desk.stop()
        assert loudest_hertz(training.upload.path) == pytest.approx(TONE_HERTZ, abs=10)


def tone_of(place: int) -> int:
    """Return the hertz of one tab's own voice."""
    return 400 + 150 * place


def loudest_hertz(path: Path) -> float:
    """Return the loudest frequency in the only audio track of a file."""
    with av.open(str(path)) as file:
        assert len(file.streams.audio) == 1
        frames = [frame.to_ndarray().mean(axis=0) for frame in file.decode(audio=0)]
        rate = file.streams.audio[0].rate
    samples = np.concatenate(frames)
    return float(np.abs(np.fft.rfft(samples)).argmax() * rate / len(samples))


def test_it_is_recorded_in_the_language_that_was_chosen(desk: Desk) -> None:
    choice = desk.page.get_by_label("Spoken language")
    desk.choose()
    choice.select_option("English")
    desk.button("Start recording").click()
    expect(choice).to_be_disabled()
    desk.wait_until_recorded(1)
    desk.wait_until_safe(1)
    assert Training.objects.get().spoken_language == "en"
    desk.stop()
    assert Training.objects.get().spoken_language == "en"
