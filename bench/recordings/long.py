"""A long recording out of the short ones, without encoding anything again."""

from __future__ import annotations

import itertools
import subprocess
import tempfile
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe

from bench.recordings import places
from bench.recordings.truth import read_truth


def path_of(minutes: int) -> Path:
    """Return where the recording of `minutes` is kept."""
    return places.MADE / "long" / f"{minutes}-minutes.mp4"


def make(minutes: int) -> Path:
    """Join all recordings, again and again, until `minutes` are full. They must have been made before."""
    target = path_of(minutes)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        reels = Path(scratch) / "reels.txt"
        reels.write_text("".join(f"file '{video}'\n" for video in reels_for(minutes * 60)), encoding="utf-8")
        argv = [get_ffmpeg_exe(), "-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-f", "concat", "-safe", "0"]
        argv += ["-i", str(reels), "-t", str(minutes * 60), "-c", "copy", "-movflags", "+faststart", str(target)]
        subprocess.run(argv, check=True)
    return target


def reels_for(seconds: float) -> list[Path]:
    """Return the videos to play one after the other, in the order of their names, for at least `seconds`."""
    reels: list[Path] = []
    for name in itertools.cycle(places.NAMES):
        if seconds <= 0:
            return reels
        reels.append(places.video(name))
        seconds -= read_truth(places.truth(name))["duration"]
    return reels
