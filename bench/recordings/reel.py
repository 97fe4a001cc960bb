"""Frames and narration become one MP4."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe


def develop(frames: Iterable[bytes], narration: Path, target: Path, *, rate: int) -> None:
    """Write H.264 and AAC, ready to play while it loads, with a key frame every two seconds."""
    argv = [get_ffmpeg_exe(), "-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
    argv += ["-f", "image2pipe", "-c:v", "png", "-framerate", str(rate), "-i", "pipe:0", "-i", str(narration)]
    argv += ["-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p", "-c:v", "libx264", "-preset", "medium"]
    argv += ["-crf", "21", "-g", str(2 * rate), "-colorspace", "bt709", "-color_primaries", "bt709"]
    argv += [
        "-color_trc",
        "bt709",
        "-c:a",
        "aac",
        "-b:a",
        "80k",
        "-ar",
        "48000",
        "-movflags",
        "+faststart",
        str(target),
    ]
    with subprocess.Popen(argv, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for frame in frames:
            process.stdin.write(frame)
        process.stdin.close()
    if process.returncode:
        raise RuntimeError(f"ffmpeg ended with {process.returncode}")
