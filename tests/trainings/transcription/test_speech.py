"""Recordings become clips of speech."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from tests.trainings import spoken
from trainings import speech
from trainings.speech import CLIP, RATE, Clip, Stretch, clips, pack


def ignore(seconds: float) -> None:
    """Nobody wants to know."""


def stretches(*lengths_and_pauses: tuple[float, float]) -> list[Stretch]:
    """Return stretches, given in seconds of speech and of the silence after it."""
    found, at = [], 0.0
    for length, pause in lengths_and_pauses:
        found.append(Stretch(int(at * RATE), int((at + length) * RATE), int(pause * RATE)))
        at += length + pause
    return found


def test_a_clip_ends_at_the_longest_pause_of_its_last_third() -> None:
    said = stretches((8, 2.0), (8, 0.2), (6, 0.9), (6, 0.3), (8, 0.5))

    assert [len(clip) for clip in pack(said)] == [3, 2]


def test_no_clip_is_longer_than_the_model_hears() -> None:
    said = stretches((29, 0.1), (2, 0.1), (29, 0.1), (15, 0.1), (16, 0.1))
    packed = pack(said)

    assert list(itertools.chain(*packed)) == said
    assert max(sum(stretch.length for stretch in clip) for clip in packed) <= CLIP


def test_long_silences_are_left_out_and_times_stay_those_of_the_recording(tmp_path: Path) -> None:
    sound = np.concatenate([spoken.speak("Open the page."), spoken.silence(20), spoken.speak("Close the window.")])
    (clip,) = clips(spoken.write(tmp_path / "sound.wav", sound), ignore)
    seconds = len(clip.samples) / RATE

    assert seconds < 6
    assert clip.place(0.1, 0.4) == (0.1, 0.4)
    assert clip.place(seconds - 1.5, seconds - 1.0)[0] == pytest.approx(len(sound) / RATE - 1.5, abs=0.3)


def test_no_word_reaches_over_a_silence() -> None:
    clip = Clip(np.zeros(4 * RATE, dtype=np.float32), tuple(stretches((2, 10), (2, 0))))

    assert clip.place(1.5, 2.2) == (1.5, 2.0)
    assert clip.place(1.9, 2.6) == (12.0, 12.6)


def test_windows_cut_no_speech(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "WINDOW", 10 * RATE)
    monkeypatch.setattr(speech, "CLIP", 6 * RATE)
    monkeypatch.setattr(speech, "FULL_ENOUGH", 4 * RATE)
    sound = spoken.speak(*(f"This is sentence number {n}." for n in range(12)), pause=0.5)
    found = list(clips(spoken.write(tmp_path / "sound.wav", sound), ignore))
    stretches = [stretch for clip in found for stretch in clip.stretches]
    left_out = np.concatenate(
        [sound[one.end : other.start] for one, other in itertools.pairwise(stretches)] + [sound[: stretches[0].start]]
    )

    assert all(one.end <= other.start for one, other in itertools.pairwise(stretches))
    assert sum(stretch.length for stretch in stretches) > 0.9 * len(sound)
    assert np.abs(left_out).max(initial=0) < 300  # of 32,768: breath, no word


def test_silence_has_no_clips_but_is_told(tmp_path: Path) -> None:
    told: list[float] = []

    assert list(clips(spoken.write(tmp_path / "sound.wav", spoken.silence(300)), told.append)) == []
    assert told == [0, 120, 240]


def test_an_empty_file_has_no_clips(tmp_path: Path) -> None:
    assert list(clips(spoken.write(tmp_path / "sound.wav", spoken.silence(0)), ignore)) == []
