"""A desk with two tabs: the recorder, and a shop to show. The microphone speaks from a file, over and over."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import av
import pytest
from playwright.sync_api import BrowserContext, Error, Locator, Page, Playwright, expect

from tests.e2e.conftest import ARGUMENTS, PATIENCE_MILLISECONDS, session_of
from tests.trainings import spoken
from tests.trainings.real_server import RealServer
from tests.waiting import until
from trainai.accounts.models import User
from trainings.models import Training

TRAINING = re.compile(r"/trainings/([0-9a-f-]{36})/")
SHOP = "The shop"
SENTENCES = (
    "Open the order.",
    "Click the refund button.",
    "Enter the amount.",
    "Choose a reason from the list.",
    "Press save.",
    "Write a short note to the customer.",
    "Send the receipt.",
    "Close the window.",
)
"""Enough that a test's recording repeats nothing: speech models take the same words over and over for noise."""
CAPTURE = [
    "--use-fake-device-for-media-stream",
    f"--auto-select-tab-capture-source-by-title={SHOP}",
    "--disable-features=GlobalMediaControls",
]


class Desk:
    """One browser of one person, with the page where a recording begins in front."""

    def __init__(self, context: BrowserContext, profile: Path, user: User, url: str) -> None:
        self.context = context
        self.profile = profile
        self.wrong: list[str] = []
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        context.grant_permissions(["microphone"], origin=url)
        context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": url}])
        self.shop = context.new_page()
        self.shop.set_content(f"<title>{SHOP}</title><h1>Order 1042</h1><input autofocus><button>Refund</button>")
        self.page = self.open()

    def open(self) -> Page:
        """Open the recorder in another tab."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda said: self.wrong.append(said.text) if "Content Security" in said.text else None)
        page.goto("/trainings/new/")
        return page

    def choose(self) -> None:
        """Choose the shop's tab."""
        self.page.get_by_role("button", name="Choose what to record").click()
        expect(self.strip).to_contain_text("Ready to record")

    def record(self, seconds: float = 0) -> None:
        """Choose the shop, start, and wait until that much is recorded."""
        self.choose()
        self.button("Start recording").click()
        self.wait_until_recorded(seconds)

    def wait_until_recorded(self, seconds: float) -> None:
        expect(self.strip).to_have_attribute("data-state", "recording")
        is_recorded = "(wanted) => document.querySelector('.strip .lane').max > wanted"
        self.page.wait_for_function(is_recorded, arg=seconds, timeout=PATIENCE_MILLISECONDS + 1000 * seconds)

    def wait_until_safe(self, seconds: float) -> None:
        """Wait until the server has that much."""
        self.page.wait_for_function("(wanted) => document.querySelector('.strip .lane').value >= wanted", arg=seconds)

    @property
    def strip(self) -> Locator:
        return self.page.get_by_role("region", name="Recorder")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def shown_seconds(self) -> float:
        """Return how long the strip says the recording is."""
        return float(self.page.evaluate("document.querySelector('.strip .lane').max"))

    def kill(self) -> None:
        """Kill the whole browser: no page of it hears of its end."""
        for pid in _processes_of(self.profile):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        until(lambda: not _processes_of(self.profile), "the browser is dead")

    def stop(self) -> Training:
        """Stop, and wait for the page of the training."""
        self.button("Stop").click()
        return self.training()

    def training(self) -> Training:
        """Wait for the page of the training."""
        self.page.wait_for_url(TRAINING, timeout=2 * PATIENCE_MILLISECONDS)
        found = re.search(TRAINING, self.page.url)
        assert found
        return Training.objects.get(pk=found[1])


def _processes_of(profile: Path) -> list[int]:
    """Return the processes that run with this profile, each started for the test."""
    mark = f"--user-data-dir={profile}\0".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (folder / "cmdline").read_bytes() + b"\0":
                found.append(int(folder.name))
    return found


def length(training: Training) -> float:
    """Return the seconds of a training's recording, as its packets say: such files carry no length."""
    with av.open(str(training.upload.path)) as file:
        return max(float(packet.pts * packet.time_base) for packet in file.demux() if packet.pts is not None)


@pytest.fixture(scope="session")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is said into the microphone, 28 s long. The pauses end a sentence where the smallest model hears no end."""
    return spoken.write(tmp_path_factory.mktemp("speech") / "voice.wav", spoken.speak(*SENTENCES, pause=2.2))


@pytest.fixture(scope="session")
def silence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A microphone that is muted."""
    return spoken.write(tmp_path_factory.mktemp("silence") / "silence.wav", spoken.silence(4))


@pytest.fixture
def listening_workers(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Workers that hear with the small English model."""
    monkeypatch.setenv("WHISPER_MODEL", "tiny.en")
    request.getfixturevalue("workers")


Sit = Callable[..., AbstractContextManager[Desk]]


@pytest.fixture
def sit(playwright: Playwright, chromium: str, live_site: RealServer, speech: Path, tmp_path: Path) -> Sit:
    """Sit down at the desk: `with sit(alice) as desk`. What the browser keeps stays for the next time."""

    @contextmanager
    def down(user: User, *, voice: Path = speech, width: int = 1280) -> Iterator[Desk]:
        profile = tmp_path / "profile"
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=chromium,
            args=[*ARGUMENTS, *CAPTURE, f"--use-file-for-fake-audio-capture={voice}"],
            ignore_default_args=["--mute-audio"],
            base_url=live_site.url,
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
        )
        desk = Desk(context, profile, user, live_site.url)
        yield desk
        with suppress(Error):  # it may be dead
            context.close()
        assert not desk.wrong

    return down


@pytest.fixture
def desk(sit: Sit, alice: User) -> Iterator[Desk]:
    """Alice's desk."""
    with sit(alice) as desk:
        yield desk
