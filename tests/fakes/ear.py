"""A true ear for the fake: the small English model, so that what is heard is what was sent."""

from __future__ import annotations

import functools
import io
from typing import Any

import av
import numpy as np

from tests.fakes.openai_ import Heard
from trainings import whisper_weights
from trainings.speech import RATE, Samples


@functools.cache
def hear(content: bytes) -> Heard:
    """Hear a file of any form; the same file once only."""
    from faster_whisper import WhisperModel

    samples = decoded(content)
    model = _model(WhisperModel)
    segments, _ = model.transcribe(samples, language="en", beam_size=1, word_timestamps=True)
    found = list(segments)
    words = [
        (word.word.strip(" .,!?"), float(word.start), float(word.end)) for each in found for word in each.words or ()
    ]
    return Heard("".join(each.text for each in found).strip(), words, len(samples) / RATE)


def decoded(content: bytes) -> Samples:
    """Return the sound of a file as 16 kHz mono."""
    with av.open(io.BytesIO(content), "r") as container:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        frames = [made for frame in container.decode(audio=0) for made in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]).astype(np.float32) / np.float32(32768)


@functools.cache
def _model(kind: Any) -> Any:
    return kind(str(whisper_weights.folder("tiny.en")), device="cpu", compute_type="int8", cpu_threads=2)
