"""Recordings for services elsewhere: the sample again and again, never twice the same sound."""

from __future__ import annotations

import subprocess
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe

from bench.recordings import places

LOUDNESS = "volume='0.7+0.2*sin(t/997)':eval=frame"
"""What is heard before is not asked again: the loudness drifts, so that no piece is like one an hour before."""


def long(minutes: int) -> Path:
    """Return a recording of so many minutes; it is made when it is not there."""
    target = _path(f"{minutes}-minutes")
    if not target.exists():
        _make(target, "-stream_loop", "-1", "-i", str(places.video("sample")), "-t", str(minutes * 60), "-af", LOUDNESS)
    return target


def variant(number: int) -> Path:
    """Return the sample a little less loud than the variant before it."""
    target = _path(f"variant-{number}")
    if not target.exists():
        _make(target, "-i", str(places.video("sample")), "-af", f"volume={1 - number / 200:.3f}")
    return target


def _make(target: Path, *arguments: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    argv = [get_ffmpeg_exe(), "-nostdin", "-hide_banner", "-loglevel", "error", "-y", *arguments]
    subprocess.run([*argv, "-c:v", "copy", "-c:a", "aac", str(target)], check=True)


def _path(name: str) -> Path:
    return places.MADE / "cloud" / f"{name}.mp4"
