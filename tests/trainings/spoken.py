"""Speech made on the fly in many languages, by eSpeak: a plain voice, but one that speech models understand."""

from __future__ import annotations

import ctypes
import functools
import wave
from pathlib import Path

import av
import espeakng_loader
import numpy as np
from numpy.typing import NDArray

RATE = 16_000
_RETRIEVAL = 1  # espeak-ng/speak_lib.h: AUDIO_OUTPUT_RETRIEVAL
_UTF8 = 1  # espeakCHARS_UTF8
_WORDS_PER_MINUTE = 1  # espeakRATE
_OnSound = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

Sound = NDArray[np.int16]


def speak(*sentences: str, voice: str = "en-us", pause: float = 0.6) -> Sound:
    """Return the sentences as 16 kHz samples, with `pause` seconds of silence after each."""
    return np.concatenate([part for text in sentences for part in (_say(text, voice), silence(pause))])


def silence(seconds: float) -> Sound:
    """Return that much of nothing."""
    return np.zeros(int(seconds * RATE), dtype=np.int16)


def write(target: Path, sound: Sound) -> Path:
    """Write `sound` as a 16 kHz mono WAV file."""
    with wave.open(str(target), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound.tobytes())
    return target


def _say(text: str, voice: str) -> Sound:
    library, rate = _espeak()
    pieces: list[Sound] = []

    def on_sound(samples: ctypes._Pointer[ctypes.c_short], count: int, _events: int) -> int:
        if samples and count:
            pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    callback = _OnSound(on_sound)
    library.espeak_SetSynthCallback(callback)
    library.espeak_SetVoiceByName(voice.encode())
    library.espeak_SetParameter(_WORDS_PER_MINUTE, 140, 0)
    data = text.encode() + b"\0"
    library.espeak_Synth(data, len(data), 0, 1, 0, _UTF8, None, None)
    library.espeak_Synchronize()
    return _resampled(np.concatenate(pieces), rate)


@functools.cache
def _espeak() -> tuple[ctypes.CDLL, int]:
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    rate: int = library.espeak_Initialize(_RETRIEVAL, 0, str(espeakng_loader.get_data_path()).encode(), 0)
    return library, rate


def _resampled(sound: Sound, rate: int) -> Sound:
    frame = av.AudioFrame.from_ndarray(sound[None, :], format="s16", layout="mono")
    frame.sample_rate = rate
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    frames = [*resampler.resample(frame), *resampler.resample(None)]
    return np.concatenate([part.to_ndarray()[0] for part in frames]).astype(np.int16)
