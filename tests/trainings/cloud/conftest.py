"""The services as fixtures; the settings point at them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.fakes import mux as fake_mux
from tests.fakes.mux import MuxServer
from tests.fakes.openai_ import OpenAIServer
from tests.fakes.server import running
from tests.trainings.media.conftest import make_training, recordings, scratch
from tests.trainings.transcription.conftest import narration

__all__ = ["make_training", "narration", "recordings", "scratch"]


@pytest.fixture
def openai(settings: Settings) -> Iterator[OpenAIServer]:
    """An account at OpenAI, used for listening and writing."""
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
