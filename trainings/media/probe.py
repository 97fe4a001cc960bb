"""Say what a recording holds, and refuse what cannot become a training."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from jobs.errors import PermanentError, ProcessFailed, ProcessTimeout
from trainings.media import ffmpeg, limits
from trainings.media.container import demuxer_of
from trainings.media.recording import AudioTrack, Recording, VideoTrack
from trainings.providers import Work

EXAMINE = Path(__file__).with_name("examine.py")
TIMEOUT_SECONDS = 600.0
"""A file without a duration is read to its end, which takes as long as the disk needs."""

DAMAGED = "This video cannot be read. Play it once to the end on your own machine, save it again and upload that file."
TOO_LARGE = "The picture of this video is too large. Export it at 3840 x 2160 pixels or less and upload that file."


def probe(path: Path, *, work: Work) -> Recording:
    """Look into `path` in a child process with limits.

    Raises `PermanentError`: `empty_file`, `not_a_video`, `damaged_file`, `too_large_picture`, `too_short`, `too_long`.
    """
    demuxer = demuxer_of(path)
    facts = _examine(path, demuxer, work)
    recording = Recording(
        path=path,
        demuxer=demuxer,
        duration=_allowed_duration(facts["duration"]),
        start=facts["start"],
        video=VideoTrack(**facts["video"]) if facts["video"] else None,
        audio=tuple(AudioTrack(**track) for track in facts["audio"]),
        indexed=facts["indexed"],
        streams=facts["streams"],
    )
    if not recording.video and not recording.audio:
        raise PermanentError("damaged_file", DAMAGED, "neither picture nor sound in it")
    return recording


def _examine(path: Path, demuxer: str, work: Work) -> dict[str, Any]:
    lines: list[str] = []
    # Isolated (-I): neither the environment nor the folder decides what the child imports.
    argv = [sys.executable, "-I", str(EXAMINE), str(path), demuxer, str(limits.MAX_PIXELS)]
    try:
        work.run(argv, on_line=lines.append, timeout=TIMEOUT_SECONDS, memory_limit=limits.PROBE_MEMORY)
        facts: dict[str, Any] = json.loads("".join(lines))
    except (ProcessFailed, ProcessTimeout, json.JSONDecodeError) as error:
        if isinstance(error, ProcessFailed) and ffmpeg.was_stopped(error):
            raise ffmpeg.stopped(error) from error
        raise PermanentError("damaged_file", DAMAGED, str(error)) from error
    if code := facts.get("error"):
        raise PermanentError(code, TOO_LARGE if code == "too_large_picture" else DAMAGED, facts["detail"])
    return facts


def _allowed_duration(seconds: float) -> float:
    if not math.isfinite(seconds) or seconds <= 0:
        raise PermanentError("damaged_file", DAMAGED, f"duration {seconds}")
    if seconds < settings.MIN_RECORDING_SECONDS:
        raise PermanentError(
            "too_short",
            f"This recording is only {seconds:.1f} s long. Record at least a few seconds and upload that.",
        )
    if seconds > settings.MAX_RECORDING_SECONDS:
        raise PermanentError(
            "too_long",
            f"This recording is {seconds / 3600:.1f} hours long; at most {settings.MAX_RECORDING_SECONDS / 3600:g} "
            "are possible. Cut it into parts and make a training of each.",
        )
    return seconds
