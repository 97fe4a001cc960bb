"""Find the speech in a recording and cut it into clips that a model hears one by one.

The recording is read in windows, so memory does not grow with its length. Where the cuts fall depends on the recording
alone: who listens again from the middle gets the same clips.
"""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from faster_whisper.vad import VadOptions, get_speech_timestamps
from numpy.typing import NDArray

RATE = 16_000
WINDOW = 120 * RATE
CLIP = 30 * RATE
"""Samples Whisper hears at once."""

FULL_ENOUGH = 20 * RATE
"""Samples after which a clip may end at a good pause; every clip costs the model the same, so full ones are cheaper."""

KEPT_SILENCE = 4 * RATE // 10
"""Samples of a silence that stay on each side of it: the model needs the pause, not its length."""

VOICE = VadOptions(min_silence_duration_ms=160, speech_pad_ms=0, max_speech_duration_s=29)

Samples: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True)
class Stretch:
    """A part of the recording with speech, in samples; `pause` is the silence after it."""

    start: int
    end: int
    pause: int

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(frozen=True)
class Clip:
    """Speech with its long silences taken out."""

    samples: Samples
    stretches: tuple[Stretch, ...]

    @property
    def end(self) -> float:
        """Second of the recording at which the clip ends."""
        return self.stretches[-1].end / RATE

    def place(self, start: float, end: float) -> tuple[float, float]:
        """Return the seconds of the recording for a word's seconds in the clip; no word reaches over a silence."""
        middle = (start + end) / 2 * RATE
        before = 0
        for stretch in self.stretches:
            if middle < before + stretch.length:
                break
            before += stretch.length
        else:
            before -= stretch.length
        first, last = stretch.start / RATE, stretch.end / RATE
        shift = (stretch.start - before) / RATE
        return _within(start + shift, first, last), _within(end + shift, first, last)


def clips(audio: Path, heard: Callable[[float], None]) -> Iterator[Clip]:
    """Yield the clips of a 16 kHz mono 16-bit WAV file in order. `heard` is told the seconds before each window."""
    with wave.open(str(audio)) as file:
        at, total = 0, file.getnframes()
        while at < total:
            heard(at / RATE)
            file.setpos(at)
            samples = _samples(file.readframes(WINDOW))
            is_last = at + len(samples) >= total
            packed = pack(_stretches(samples))
            # Speech goes on beyond the window: its last clip is found again, whole, at the start of the next one.
            carried = packed.pop()[0].start if len(packed) > 1 and not is_last else len(samples)
            for stretches in packed:
                yield _clip(samples, stretches, at)
            at += carried


def pack(stretches: list[Stretch]) -> list[list[Stretch]]:
    """Group stretches into clips of at most 30 s, each but the last ending at the longest pause of its last third."""
    packed: list[list[Stretch]] = []
    clip: list[Stretch] = []
    for stretch in stretches:
        while clip and _length(clip) + stretch.length > CLIP:
            cut = _best_cut(clip)
            packed.append(clip[:cut])
            clip = clip[cut:]
        clip.append(stretch)
    return [*packed, clip] if clip else packed


def _best_cut(clip: list[Stretch]) -> int:
    cuts = [cut for cut in range(1, len(clip) + 1) if _length(clip[:cut]) >= FULL_ENOUGH]
    return max(cuts, key=lambda cut: clip[cut - 1].pause, default=len(clip))


def _length(clip: list[Stretch]) -> int:
    return sum(stretch.length for stretch in clip)


def _samples(frames: bytes) -> Samples:
    return np.frombuffer(frames, dtype="<i2").astype(np.float32) / np.float32(32768)


def _stretches(samples: Samples) -> list[Stretch]:
    """Return where somebody speaks, with the kept silence around it."""
    spoken = [(int(found["start"]), int(found["end"])) for found in get_speech_timestamps(samples, VOICE)]
    starts = [start for start, _ in spoken] + [len(samples)]
    stretches: list[Stretch] = []
    before = starts[0]
    for index, (start, end) in enumerate(spoken):
        after = starts[index + 1] - end
        # Two neighbours share a short silence between them without a gap or an overlap.
        room_before = min(KEPT_SILENCE, before - before // 2 if index else before)
        room_after = min(KEPT_SILENCE, after // 2 if index + 1 < len(spoken) else after)
        stretches.append(Stretch(start - room_before, end + room_after, after))
        before = after
    return stretches


def _within(seconds: float, first: float, last: float) -> float:
    return round(float(min(max(seconds, first), last)), 3)


def _clip(samples: Samples, stretches: list[Stretch], at: int) -> Clip:
    sound = np.concatenate([samples[stretch.start : stretch.end] for stretch in stretches])
    return Clip(sound, tuple(Stretch(s.start + at, s.end + at, s.pause) for s in stretches))
