"""What every transcriber does, whoever it is."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from pytest_django.fixtures import Settings

from bench.word_errors import comparable, word_error_rate
from tests.fakes.ear import hear
from tests.fakes.openai_ import OpenAIServer
from tests.trainings import spoken
from tests.trainings.transcription.conftest import SAID
from trainings.providers import SpokenSegment, Transcriber, transcriber

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tiny")]
WORD_ERRORS = 0.12
"""The small model's on the synthetic voice, with room for how it hears a piece without its neighbours."""


@pytest.fixture(
    params=[
        "whisper",
        "openai whisper-1",
        "openai gpt-transcribe",
        "openai gpt-4o-transcribe",
        "openai gpt-4o-transcribe-diarize",
        "faster-whisper-server whisper-1",
    ]
)
def ear(request: pytest.FixtureRequest, settings: Settings) -> Transcriber:
    """Each of them in turn."""
    provider, _, model = request.param.partition(" ")
    if provider == "openai":
        server: OpenAIServer = request.getfixturevalue("openai")
        server.ear = hear
    elif provider != "whisper":
        settings.OPENAI_BASE_URL = request.getfixturevalue("whisper_server")
        provider = "openai"
    settings.OPENAI_TRANSCRIPTION_MODEL = model
    settings.TRANSCRIBER = provider
    return transcriber()


def heard(ear: Transcriber, audio: Path, *, start: float = 0.0, language: str = "en") -> list[SpokenSegment]:
    return list(ear.transcribe(audio, start=start, language=language).segments)


def text_of(segments: list[SpokenSegment]) -> str:
    return " ".join(segment.text for segment in segments)


def test_it_hears_what_is_said(ear: Transcriber, narration: Path) -> None:
    segments = heard(ear, narration)
    assert word_error_rate(" ".join(SAID), text_of(segments)) <= WORD_ERRORS


def test_times_are_inside_the_recording_in_order_and_near_the_truth(ear: Transcriber, narration: Path) -> None:
    segments = heard(ear, narration)
    words = [word for segment in segments for word in segment.words]
    assert all(0 <= word.start < word.end <= 40 for word in words)
    assert all(word.end <= following.start for word, following in pairwise(words))
    assert all(segment.start <= segment.words[0].start for segment in segments)
    saves = [word.start for word in words if word.text.lower().startswith("save")]
    assert saves
    assert saves[-1] == pytest.approx(words[-1].end - 1.7, abs=2.5)


def test_from_a_later_second_on_nothing_is_told_twice_or_lost(ear: Transcriber, narration: Path) -> None:
    whole = heard(ear, narration)
    middle = whole[len(whole) // 2 - 1].end
    rest = heard(ear, narration, start=middle)
    assert rest[0].start >= middle - 0.01
    assert comparable(text_of(rest)) == comparable(
        text_of([segment for segment in whole if segment.start >= middle - 0.01])
    )


def test_silence_has_no_words(ear: Transcriber, tmp_path: Path) -> None:
    audio = spoken.write(tmp_path / "silence.wav", np.zeros(16_000 * 5, dtype=np.int16))
    found = ear.transcribe(audio)
    assert list(found.segments) == []


def test_what_the_listener_raises_ends_the_listening(ear: Transcriber, narration: Path) -> None:
    class Enough(Exception):
        pass

    def stop(seconds: float) -> None:
        raise Enough

    with pytest.raises(Enough):
        list(ear.transcribe(narration, language="en", heard=stop).segments)


def test_progress_never_goes_back(ear: Transcriber, narration: Path) -> None:
    told: list[float] = []
    tell: Callable[[float], None] = told.append
    list(ear.transcribe(narration, language="en", heard=tell).segments)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(30, abs=6)


def test_a_chosen_language_is_the_one_it_is_heard_in(
    ear: Transcriber, narration: Path, request: pytest.FixtureRequest
) -> None:
    found = ear.transcribe(narration, language="en", is_chosen=True)
    assert (found.language, found.language_probability) == ("en", 1.0)
    assert word_error_rate(" ".join(SAID), text_of(list(found.segments))) <= WORD_ERRORS
    if ear.name.startswith("openai") and "openai" in request.fixturenames:
        server: OpenAIServer = request.getfixturevalue("openai")
        named = [form.get("language") or form.get("languages[]") for form in server.forms]
        assert named == [["en"]] * len(server.requests)


def test_it_says_who_it_is(ear: Transcriber) -> None:
    assert 0 < len(ear.name) <= 100


def test_it_says_when_a_server_gave_no_times_of_words(whisper_server: str, narration: Path, settings: Settings) -> None:
    settings.OPENAI_BASE_URL, settings.TRANSCRIBER = whisper_server, "openai"
    settings.OPENAI_TRANSCRIPTION_MODEL = "whisper-1"
    for language in ("", "en"):
        ear = transcriber()
        ear.transcribe(narration, language=language, is_chosen=bool(language))
        assert ear.name == "openai whisper-1 (word times estimated)"
