"""A training whose video is at Mux plays on its page, and goes on when the time of its token is over.

The hosts of Mux are a fake on names of their own, so the content policy holds for them as for the true ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from jobs import queue
from jobs.models import BackgroundJob
from jobs.testing import run_due_jobs
from tests.e2e.conftest import Visit
from tests.fakes import mux as fake
from tests.fakes.mux import MuxServer
from tests.fakes.mux_playback import DOMAIN, KEY_ID, MuxPlayback, new_key
from tests.fakes.server import running
from tests.trainings import real_server, recordings_factory
from tests.trainings.making import ready_training
from tests.trainings.real_server import RealServer
from trainai.accounts.models import User
from trainings.models import Segment, Step, Training, Transcript, Video

pytestmark = pytest.mark.browser
SECONDS = 20
LAST_STEP = 12.0


@pytest.fixture(scope="module")
def mux(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MuxPlayback, dict[str, str]]]:
    """What plays, and the variables of an installation that uses it."""
    public, private = new_key()
    folder = tmp_path_factory.mktemp("mux")
    with running(MuxServer()) as api, running(MuxPlayback(api, folder, public)) as playback:
        yield (
            playback,
            {
                "MUX_TOKEN_ID": fake.TOKEN_ID,
                "MUX_TOKEN_SECRET": fake.TOKEN_SECRET,
                "MUX_BASE_URL": api.url,
                "MUX_PLAYBACK_URL": playback.domain_url,
                "MUX_SIGNING_KEY": KEY_ID,
                "MUX_PRIVATE_KEY": private,
            },
        )


@pytest.fixture(scope="module")
def server(
    mux: tuple[MuxPlayback, dict[str, str]],
    chromium: str,
    built_pages: None,
    django_db_setup: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RealServer]:
    """The web process of these tests, which knows Mux."""
    with real_server.running(tmp_path_factory.mktemp("media"), variables=mux[1]) as server:
        yield server


@pytest.fixture
def playback(mux: tuple[MuxPlayback, dict[str, str]], settings: Settings) -> Iterator[MuxPlayback]:
    """The hosts of Mux; what this process publishes goes there, too."""
    playback, variables = mux
    for name, value in variables.items():
        setattr(settings, name, value)
    settings.VIDEO_HOST = "mux"
    yield playback
    playback.begin_again()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    target = tmp_path / "recording.mp4"
    recordings_factory.good(target, SECONDS)
    return target


@pytest.fixture
def training(live_site: RealServer, playback: MuxPlayback, alice: User, recording: Path) -> Training:
    """One with two steps, whose video is at Mux."""
    training = ready_training(alice)
    training.upload.path.write_bytes(recording.read_bytes())
    training.video.delete()
    Transcript.objects.update(completed_at=timezone.now())
    Segment.objects.update(end=LAST_STEP)
    first = Step.objects.get()
    Step.objects.create(
        sop=first.sop, chapter=first.chapter, position=1, title="Press refund", start=LAST_STEP, end=15, evidence=[0]
    )
    BackgroundJob.objects.filter(job_type="mux_upload").delete()
    queue.enqueue("mux_upload", user=alice, company=training.company, training=training)
    run_due_jobs(["mux_upload"])
    assert Video.objects.get().host == "mux"
    return training


def reaches(page: Page, seconds: float) -> None:
    """Wait until the video has played beyond a time."""
    page.wait_for_function(
        "seconds => { const v = document.querySelector('video'); return !v.paused && v.currentTime > seconds; }",
        arg=seconds,
    )


def plays_from(page: Page) -> str:
    return str(page.evaluate("document.querySelector('video').currentSrc"))


def play(page: Page) -> None:
    page.locator("media-play-button.big").click()


def cues(page: Page, kind: str, which: str = "cues") -> list[str]:
    """Return the texts of a track of the video that is not off."""
    find = f"[...document.querySelector('video').textTracks].find(({{ kind }}) => kind === '{kind}')"
    page.wait_for_function(f"() => {find}.mode !== 'disabled' && {find}.{which}?.length")
    return list(page.evaluate(f"() => [...{find}.{which}].map(({{ text }}) => text)"))


@pytest.mark.parametrize("policy", ["signed", "public"])
def test_a_video_at_mux_plays_with_captions_chapters_and_pictures(
    alice: User, visit: Visit, request: pytest.FixtureRequest, settings: Settings, playback: MuxPlayback, policy: str
) -> None:
    if policy == "public":
        settings.MUX_SIGNING_KEY = ""
    training: Training = request.getfixturevalue("training")
    page = visit(alice, f"/trainings/{training.id}/")
    play(page)
    reaches(page, 1.5)
    assert plays_from(page).startswith("blob:")
    assert bool(playback.tokens) == (policy == "signed")
    assert cues(page, "chapters") == ["The till"]
    assert "Open the till menu" in cues(page, "captions", "activeCues")[0]

    steps = page.locator(".step")
    steps.last.locator(".chip").click()
    reaches(page, LAST_STEP)
    expect(steps.last).to_have_attribute("aria-current", "true")
    page.locator("media-time-range").hover()
    picture = page.locator("media-preview-thumbnail img")
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=picture.element_handle())
    assert playback.refused == 0


def test_the_page_may_load_from_mux_and_from_nowhere_else(
    alice: User, visit: Visit, training: Training, playback: MuxPlayback
) -> None:
    page = visit(alice, f"/trainings/{training.id}/")
    policy = page.request.get(page.url).headers["content-security-policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    anywhere, pictures = (f"http://{host}.{DOMAIN}:{playback.port}" for host in ("*", "image"))
    assert directives["connect-src"] == f"'self' {anywhere}"
    assert directives["media-src"] == f"'self' blob: {anywhere}"
    assert directives["img-src"] == f"'self' data: blob: {pictures}"
    assert "mux" not in directives["script-src"]


def test_a_video_whose_token_ends_goes_on_with_the_next(
    alice: User, visit: Visit, training: Training, playback: MuxPlayback
) -> None:
    playback.ends_before = 3
    page = visit(alice, f"/trainings/{training.id}/")
    page.evaluate("document.querySelector('video').playbackRate = 2")
    play(page)
    reaches(page, 9)
    assert len(playback.tokens) == 2
    assert plays_from(page).startswith("blob:")
    assert page.evaluate("document.querySelector('video').playbackRate") == 2
    assert cues(page, "chapters") == ["The till"]


def test_a_step_leads_to_its_moment_though_the_page_lay_open_too_long(
    alice: User, visit: Visit, training: Training, playback: MuxPlayback
) -> None:
    playback.ends_before = 3
    page = visit(alice, f"/trainings/{training.id}/")
    page.locator(".step").last.locator(".chip").click()
    reaches(page, LAST_STEP)
    assert len(playback.tokens) == 2
    page.locator("media-time-range").hover()
    picture = page.locator("media-preview-thumbnail img")
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=picture.element_handle())


def test_where_mux_refuses_every_token_the_recording_itself_goes_on(
    alice: User, visit: Visit, training: Training, playback: MuxPlayback
) -> None:
    playback.ends_before, playback.renews = 3, False
    page = visit(alice, f"/trainings/{training.id}/")
    play(page)
    reaches(page, 9)
    assert "/media/" in plays_from(page)
    assert len(playback.tokens) == 1


def test_a_video_of_which_nothing_can_be_loaded_says_so(
    alice: User, visit: Visit, training: Training, playback: MuxPlayback
) -> None:
    playback.ends_before, playback.renews = 0, False
    training.upload.path.unlink()
    page = visit(alice, f"/trainings/{training.id}/")
    expect(page.get_by_text("The video does not load at the moment.")).to_be_visible()
