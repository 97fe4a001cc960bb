"""Real models hear real sounds."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import jiwer
import numpy as np
import pytest

from jobs.errors import Cancelled, PermanentError
from tests.trainings import spoken
from tests.trainings.transcription.conftest import SAID, seconds_of
from trainings import speech
from trainings.providers import SpokenSegment
from trainings.providers.whisper_ import WhisperTranscriber
from trainings.speech import RATE


def plain(text: str) -> str:
    """Return the words alone, as a word error rate compares them."""
    return "".join(c for c in text.lower() if c.isalnum() or c == " ")


def text(segments: list[SpokenSegment]) -> str:
    return " ".join(segment.text for segment in segments)


@pytest.mark.usefixtures("tiny")
def test_narration_is_heard_word_by_word_with_times(narration: Path) -> None:
    heard = WhisperTranscriber().transcribe(narration)
    segments = list(heard.segments)
    words = [word for segment in segments for word in segment.words]

    assert heard.language == "en"
    assert jiwer.wer(plain(" ".join(SAID)), plain(text(segments))) < 0.1
    assert len(segments) == len(SAID)
    assert all(0 < word.probability <= 1 and word.start < word.end for word in words)
    assert all(one.end <= other.start for one, other in itertools.pairwise(words))
    assert all(type(word.start) is float and type(word.probability) is float for word in words)


@pytest.mark.usefixtures("tiny")
def test_seams_and_new_starts_lose_and_double_nothing(narration: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "WINDOW", 15 * RATE)
    monkeypatch.setattr(speech, "CLIP", 9 * RATE)
    monkeypatch.setattr(speech, "FULL_ENOUGH", 6 * RATE)
    transcriber = WhisperTranscriber()
    whole = list(transcriber.transcribe(narration).segments)

    assert jiwer.wer(plain(" ".join(SAID)), plain(text(whole))) < 0.1
    for heard in (1, 4, 5, len(whole)):
        rest = transcriber.transcribe(narration, start=whole[heard - 1].end, language="en")
        assert list(rest.segments) == whole[heard:]


@pytest.mark.usefixtures("tiny")
def test_progress_is_told_in_order_and_can_stop_the_listening(narration: Path) -> None:
    told: list[float] = []
    for _ in WhisperTranscriber().transcribe(narration, heard=told.append).segments:
        pass

    def stop(seconds: float) -> None:
        raise Cancelled

    assert told == sorted(told)
    assert told[-1] == pytest.approx(seconds_of(narration), abs=1.5)
    with pytest.raises(Cancelled):
        list(WhisperTranscriber().transcribe(narration, heard=stop).segments)


def noise() -> spoken.Sound:
    return (np.random.default_rng(1).standard_normal(30 * RATE) * 3000).astype(np.int16)


def music() -> spoken.Sound:
    """Plucked chords, as a music box plays them."""
    seconds = np.arange(RATE // 2) / RATE
    chords = itertools.islice(itertools.cycle([(262, 330, 392), (220, 262, 330), (175, 220, 262)]), 60)
    plucked = [sum(np.sin(2 * np.pi * tone * seconds) for tone in chord) * np.exp(-3 * seconds) for chord in chords]
    return (np.concatenate(plucked) * 5000).astype(np.int16)


def clicks() -> spoken.Sound:
    """A hand on a keyboard and a mouse."""
    random = np.random.default_rng(2)
    sound = np.zeros(30 * RATE)
    for at in random.integers(0, len(sound) - 400, 150):
        sound[at : at + 200] += random.standard_normal(200) * np.exp(-np.arange(200) / 30) * 8000
    return sound.clip(-32768, 32767).astype(np.int16)


@pytest.mark.parametrize(
    "sound", [spoken.silence(30), noise(), music(), clicks()], ids=["silence", "noise", "music", "clicks"]
)
def test_where_nobody_speaks_nothing_is_invented(sound: spoken.Sound, tmp_path: Path) -> None:
    heard = WhisperTranscriber().transcribe(spoken.write(tmp_path / "sound.wav", sound))

    assert list(heard.segments) == []
    assert (heard.language, heard.language_probability) == ("", 0.0)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "de",
            "Guten Tag zusammen. Heute zeige ich Ihnen, wie man eine neue Rechnung anlegt. "
            "Zuerst klicken Sie auf den Namen des Kunden. Danach speichern Sie die Rechnung.",
        ),
        (
            "es",
            "Hola a todos. Hoy vamos a aprender cómo guardar un documento nuevo. "
            "Después, escriba el nombre del documento y pulse el botón guardar.",
        ),
    ],
)
def test_the_model_finds_the_language(language: str, said: str, tmp_path: Path) -> None:
    heard = WhisperTranscriber().transcribe(spoken.write(tmp_path / "sound.wav", spoken.speak(said, voice=language)))

    assert heard.language == language
    assert heard.language_probability > 0.6
    assert jiwer.wer(plain(said), plain(text(list(heard.segments)))) < 0.3  # of a voice that is a machine's


def test_a_chosen_language_is_not_doubted(tmp_path: Path) -> None:
    said = "Guten Tag zusammen. Heute zeige ich Ihnen, wie man eine neue Rechnung anlegt."
    audio = spoken.write(tmp_path / "sound.wav", spoken.speak(said, voice="de"))
    heard = WhisperTranscriber().transcribe(audio, language="de", is_chosen=True)
    assert (heard.language, heard.language_probability) == ("de", 1.0)
    assert jiwer.wer(plain(said), plain(text(list(heard.segments)))) < 0.5
    wrongly = WhisperTranscriber().transcribe(audio, language="ru", is_chosen=True)
    assert wrongly.language == "ru"
    assert re.search("[а-я]", text(list(wrongly.segments)))  # noqa: RUF001


@pytest.mark.usefixtures("tiny")
def test_a_language_that_the_model_does_not_know_is_refused(narration: Path) -> None:
    with pytest.raises(PermanentError) as refused:
        WhisperTranscriber().transcribe(narration, language="de", is_chosen=True)
    assert refused.value.code == "language_not_known"
