"""One spoken recording for all, heard by the small English model."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.trainings import spoken

SAID = (
    "Open the billing page and look at the list.",
    "Then click the blue button to make a new invoice.",
    "Type the name of the customer into the first field.",
    "Now we add a product from the long list.",
    "Check the total at the bottom of the page.",
    "Read the number of the order from top to bottom.",
    "The customer gets a message with the file.",
    "At the end press save and close the window.",
)
"""Distinct sentences, so that a lost or doubled one shows."""


@pytest.fixture(scope="session")
def narration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """About half a minute of speech in one WAV file."""
    return spoken.write(tmp_path_factory.mktemp("narration") / "narration.wav", spoken.speak(*SAID))


@pytest.fixture
def tiny(settings: Settings) -> None:
    """Listen with the small English model: four times as fast as the real one."""
    settings.WHISPER_MODEL = "tiny.en"


def seconds_of(audio: Path) -> float:
    """Return the length of a WAV file."""
    with wave.open(str(audio)) as file:
        return float(file.getnframes() / file.getframerate())
