"""Start ffmpeg on a recording: with limits, with progress, and with its failures in our words."""

from __future__ import annotations

import functools
import shutil
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

import imageio_ffmpeg

from jobs.errors import JobError, PermanentError, ProcessFailed, TemporaryError
from trainings import files
from trainings.media import limits
from trainings.media.recording import Recording
from trainings.providers import Work

Progress = Callable[[float], None]
"""Is told the finished part of the work, 0 to 1."""

NO_SPACE = ("No space left on device", "Disk quota exceeded", "File too large")
FULL_BELOW = 1 << 20
"""Bytes free, below which a disk counts as full."""


@functools.cache
def executable() -> str:
    """Return the path of the ffmpeg that comes with the packages."""
    path: str = imageio_ffmpeg.get_ffmpeg_exe()
    return path


def reading(recording: Recording) -> list[str]:
    """Return the arguments that open `recording` and nothing else: local files only, its demuxer forced."""
    return [
        *("-protocol_whitelist", "file,pipe", "-f", recording.demuxer),
        *("-max_pixels", str(limits.MAX_PIXELS), "-threads", str(limits.THREADS)),
        *("-i", f"file:{recording.path}"),
    ]


def run(
    arguments: Sequence[str],
    *,
    work: Work,
    seconds: float,
    on_progress: Progress | None = None,
) -> None:
    """Run ffmpeg with `arguments`; `seconds` is how much output 1.0 of the progress stands for.

    Raises `TemporaryError` (`disk_full`, `interrupted`) or `PermanentError` (`damaged_file`, `too_demanding`).
    """

    def on_line(line: str) -> None:
        name, _, value = line.partition("=")
        # "N/A" until the first packet is written; negative while an encoder fills its queue.
        if on_progress and name == "out_time_us" and value.strip().isdigit():
            on_progress(min(1.0, int(value) / 1_000_000 / seconds))

    quiet = ("-nostdin", "-hide_banner", "-loglevel", "error", "-nostats", "-y", "-progress", "pipe:1")
    try:
        work.run([executable(), *quiet, *arguments], on_line=on_line, memory_limit=limits.FFMPEG_MEMORY)
    except ProcessFailed as failure:
        raise told(failure) from failure


def incomplete(made: Path) -> JobError:
    """Return the error for output that is not whole; on a full disk the HLS and image writers end with status 0."""
    if shutil.disk_usage(made.parent).free < FULL_BELOW:
        return files.disk_full(f"{made.name} is not whole")
    return _damaged(f"{made.name} is not whole")


def told(failure: ProcessFailed) -> JobError:
    """Return the error for a process that failed on a recording."""
    if failure.returncode == -signal.SIGXFSZ or any(words in failure.stderr for words in NO_SPACE):
        return files.disk_full(failure.stderr)
    if was_stopped(failure):
        return stopped(failure)
    if "Cannot allocate memory" in failure.stderr:
        return PermanentError(
            "too_demanding",
            "This video needs more memory than the server allows. Export it as MP4 (H.264) at 1920 x 1080 and upload "
            "that file.",
            failure.stderr,
        )
    return _damaged(failure.stderr)


def was_stopped(failure: ProcessFailed) -> bool:
    """Whether the machine ended the process (it stops, or its memory is full), which says nothing of the recording."""
    return failure.returncode in (-signal.SIGKILL, -signal.SIGTERM)


def stopped(failure: ProcessFailed) -> TemporaryError:
    """Return the error for a process that the machine ended."""
    return TemporaryError(
        "interrupted", "The server stopped this work in the middle. It is tried again by itself.", str(failure)
    )


def _damaged(detail: str) -> PermanentError:
    return PermanentError(
        "damaged_file",
        "This video is damaged and cannot be read to its end. Save or export it again and upload that file.",
        detail,
    )
