"""Spoken lines as samples: find what is audible, lay it on one track."""

from __future__ import annotations

import wave
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]
AUDIBLE = 300
"""Amplitude (of 32,767) from which a sample counts as heard; piper's pauses stay below 50."""


@dataclass(frozen=True)
class Clip:
    """A spoken line from its first to its last audible sample."""

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


def read_clip(path: Path) -> Clip:
    """Read a mono 16-bit WAV file without the silence around the speech."""
    with wave.open(str(path), "rb") as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
        rate = file.getframerate()
    heard = np.flatnonzero(np.abs(samples.astype(np.int32)) > AUDIBLE)
    return Clip(samples[heard[0] : heard[-1] + 1], rate)


def write_track(path: Path, clips: Iterable[tuple[float, Clip]], *, duration: float, rate: int) -> None:
    """Write one WAV file of `duration` seconds with each clip at its second."""
    track = np.zeros(round(duration * rate), dtype=np.int16)
    for start, clip in clips:
        first = round(start * rate)
        track[first : first + len(clip.samples)] = clip.samples
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(track.tobytes())
