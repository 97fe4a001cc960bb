"""What the contracts share with the tests of each provider."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.trainings import whisper_server as another_maker
from tests.trainings.cloud.conftest import mux, openai
from tests.trainings.media.conftest import make_training, recordings, scratch
from tests.trainings.storages.conftest import bucket, gate, s3_server
from tests.trainings.transcription.conftest import narration, tiny

__all__ = [
    "bucket",
    "gate",
    "make_training",
    "mux",
    "narration",
    "openai",
    "recordings",
    "s3_server",
    "scratch",
    "tiny",
]


@pytest.fixture(scope="session")
def whisper_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real speech server, one for all tests."""
    with another_maker.running(tmp_path_factory.mktemp("whisper_server")) as address:
        yield address
