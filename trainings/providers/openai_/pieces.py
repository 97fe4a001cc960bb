"""The parts of a recording that are sent: speech only, cut at pauses, small."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from trainings import speech
from trainings.speech import RATE, Clip

MOST_BYTES = 25_000_000
"""Of a file; developers.openai.com/api/docs/guides/speech-to-text: "Files can be up to 25 MB"."""

BIT_RATE = 48_000
"""MP3 mono at 16 kHz: every listed server reads it; 25 MB would be more than an hour."""

FULL = 300.0
"""Seconds that are sent at once to a model that gives the time of each word. Longer ones only make one wait longer;
more than 1400 s are refused by some models ("longer than 1400 seconds which is the maximum for this model")."""


@dataclass(frozen=True)
class Piece:
    """Speech with its long silences taken out, and where it was in the recording."""

    clip: Clip

    @property
    def seconds(self) -> float:
        return len(self.clip.samples) / RATE

    @property
    def digest(self) -> str:
        """The same sound has the same digest, whatever file it comes in."""
        return hashlib.sha256(self.clip.samples.tobytes()).hexdigest()

    def mp3(self) -> bytes:
        """Return the sound as a small file."""
        target = io.BytesIO()
        samples = np.clip(self.clip.samples * 32767, -32768, 32767).astype(np.int16)
        with av.open(target, "w", format="mp3") as container:
            stream = container.add_stream("libmp3lame", rate=RATE, layout="mono", bit_rate=BIT_RATE)
            frame = av.AudioFrame.from_ndarray(samples[None, :], format="s16", layout="mono")
            frame.sample_rate = RATE
            for packet in (*stream.encode(frame), *stream.encode(None)):
                container.mux(packet)
        content = target.getvalue()
        if len(content) > MOST_BYTES:
            raise ValueError(f"{len(content)} bytes for {self.seconds} s")
        return content


def pieces(audio: Path, heard: Callable[[float], None], *, whole_clips: bool) -> Iterator[Piece]:
    """Yield the pieces of a 16 kHz mono WAV file in order; the same file gives the same pieces.

    A clip is up to 30 s; with `whole_clips` as many as fill five minutes are joined. A piece ends at a pause wherever
    the speaker makes one, so no word is cut, lost or heard twice.
    """
    joined: list[Clip] = []
    length = 0.0
    for clip in speech.clips(audio, heard):
        seconds = len(clip.samples) / RATE
        if joined and (not whole_clips or length + seconds > FULL):
            yield _join(joined)
            joined, length = [], 0.0
        joined.append(clip)
        length += seconds
    if joined:
        yield _join(joined)


def _join(clips: list[Clip]) -> Piece:
    if len(clips) == 1:
        return Piece(clips[0])
    samples = np.concatenate([clip.samples for clip in clips])
    return Piece(Clip(samples, tuple(stretch for clip in clips for stretch in clip.stretches)))
