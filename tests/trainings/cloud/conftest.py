"""The services as fixtures; the settings point at them."""

from __future__ import annotations

import functools
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.fakes import mux as fake_mux
from tests.fakes.ear import decoded
from tests.fakes.mux import MuxServer
from tests.fakes.openai_ import Heard, OpenAIServer
from tests.fakes.server import running
from tests.trainings.media.conftest import make_training, recordings, scratch
from tests.trainings.transcription.conftest import narration
from trainings import speech
from trainings.providers.openai_ import asking
from trainings.speech import RATE, Clip

__all__ = ["make_training", "narration", "recordings", "scratch"]


@pytest.fixture
def openai(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    """An account at OpenAI, used for listening and writing; what it stumbles over is asked again at once."""
    monkeypatch.setattr(asking, "AGAIN_AFTER", 0.0)
    with running(OpenAIServer()) as server:
        settings.OPENAI_API_KEY = server.key
        settings.OPENAI_BASE_URL = server.base_url
        settings.TRANSCRIBER = settings.SOP_WRITER = "openai"
        yield server


@pytest.fixture
def mux(settings: Settings) -> Iterator[MuxServer]:
    """An environment at Mux, used for publishing."""
    with running(MuxServer()) as server:
        settings.MUX_TOKEN_ID, settings.MUX_TOKEN_SECRET = fake_mux.TOKEN_ID, fake_mux.TOKEN_SECRET
        settings.MUX_BASE_URL = server.url
        settings.VIDEO_HOST = "mux"
        yield server


@pytest.fixture
def four_pieces(narration: Path, openai: OpenAIServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every recording sounds like the narration, in four pieces of some seconds that are each heard as one word."""
    settings.OPENAI_TRANSCRIPTION_MODEL = "whisper-1"
    settings.OPENAI_PARALLEL = 2
    monkeypatch.setattr("trainings.providers.openai_.pieces.FULL", 1.0)
    found = short_clips(narration)
    monkeypatch.setattr("trainings.providers.openai_.pieces.speech.clips", lambda audio, heard: iter(found))

    def extract(source: object, target: Path, **options: object) -> object:
        target.write_bytes(narration.read_bytes())
        with wave.open(str(narration)) as file:
            return type("Found", (), {"duration": file.getnframes() / RATE})()

    monkeypatch.setattr("trainings.handlers.transcription.media.extract_audio", extract)
    openai.ear = one_word


@functools.cache
def short_clips(narration: Path) -> list[Clip]:
    """Cut the narration as it is cut, only shorter; once for all tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trainings.speech.CLIP", 10 * RATE)
        patch.setattr("trainings.speech.FULL_ENOUGH", 4 * RATE)
        return list(speech.clips(narration, lambda seconds: None))


def one_word(content: bytes) -> Heard:
    """Name a piece by its length, so that each is known again."""
    seconds = len(decoded(content)) / RATE
    return Heard(f"Piece {seconds:.2f}.", [("Piece", 0.2, 0.5), (f"{seconds:.2f}", 0.6, 1.0)], seconds)
