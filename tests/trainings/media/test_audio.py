"""The sound of a recording becomes what a transcriber listens to, second for second."""

from __future__ import annotations

import array
import wave
from pathlib import Path

import pytest

from jobs.errors import PermanentError, TemporaryError
from tests.trainings.media.conftest import Recordings
from tests.trainings.plain_work import PlainWork
from trainings import media


def loudness(path: Path) -> list[int]:
    """Return the loudest sample of each half second."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16000, 1, 2)
        samples = array.array("h", file.readframes(file.getnframes()))
    return [max(map(abs, samples[at : at + 8000])) for at in range(0, len(samples), 8000)]


@pytest.mark.parametrize("kind", ["good", "mediarecorder", "without_picture"])
def test_sound_is_16_khz_mono_and_as_long_as_the_recording(recordings: Recordings, work: PlainWork, kind: str) -> None:
    target = work.scratch / "sound.wav"
    found = media.extract_audio(recordings(kind), target, work=work)
    assert found.duration == pytest.approx(3, abs=0.1)
    assert len(loudness(target)) in (6, 7)
    assert min(loudness(target)[:6]) > 1000


def test_progress_reaches_the_end_and_never_falls(recordings: Recordings, work: PlainWork) -> None:
    told: list[float] = []
    media.extract_audio(recordings("good"), work.scratch / "sound.wav", work=work, on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1, abs=0.05)


def test_sound_that_starts_late_keeps_its_place(recordings: Recordings, work: PlainWork) -> None:
    target = work.scratch / "sound.wav"
    media.extract_audio(recordings("late_sound"), target, work=work)
    heard = [loud > 1000 for loud in loudness(target)]
    assert heard[:3] == [False, False, False]
    assert all(heard[4:8])


def test_a_voice_in_any_of_several_tracks_is_heard(recordings: Recordings, work: PlainWork) -> None:
    target = work.scratch / "sound.wav"
    media.extract_audio(recordings("voice_in_the_second_track"), target, work=work)
    assert min(loudness(target)[:6]) > 1000


def test_a_recording_without_sound_says_that_narration_is_needed(recordings: Recordings, work: PlainWork) -> None:
    with pytest.raises(PermanentError, match="steps need narration") as refusal:
        media.extract_audio(recordings("without_sound"), work.scratch / "sound.wav", work=work)
    assert refusal.value.code == "no_audio_track"


def test_a_full_disk_is_a_reason_to_try_again(recordings: Recordings, tmp_path: Path) -> None:
    work = PlainWork(tmp_path, file_limit=20_000)
    with pytest.raises(TemporaryError) as failure:
        media.extract_audio(recordings("good"), tmp_path / "sound.wav", work=work)
    assert failure.value.code == "disk_full"
