"""The services as fixtures; the settings point at them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.fakes.openai_ import OpenAIServer
from tests.fakes.server import running
from tests.trainings.transcription.conftest import narration

__all__ = ["narration"]


@pytest.fixture
def openai(settings: Settings) -> Iterator[OpenAIServer]:
    """An account at OpenAI, used for listening and writing."""
    with running(OpenAIServer()) as server:
        settings.OPENAI_API_KEY = server.key
        settings.OPENAI_BASE_URL = server.base_url
        settings.TRANSCRIBER = settings.SOP_WRITER = "openai"
        yield server
