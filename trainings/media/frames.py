"""Look at the pictures of a recording: find a good still and store it."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from jobs.errors import ProcessFailed, ProcessTimeout
from trainings.media import ffmpeg, limits
from trainings.media.recording import Recording
from trainings.media.sizes import fit
from trainings.providers import Work

LOOK = Path(__file__).with_name("look.py")
TIMEOUT_SECONDS = 300.0
BEFORE_SECONDS = 0.5
WINDOW_SECONDS = 6.0
PICTURE_LONG_SIDE = 1280
POSTER_MOMENTS = (0.05, 0.25, 0.5, 0.75)
"""Parts of the recording to look for a poster at, in this order."""

PLAIN = 0.5
"""Detail below which a picture is one plain area: black, white, or a fade."""


@dataclass(frozen=True)
class Still:
    """A frame worth showing. `at` in seconds of the recording; `change` is the part of the screen (0 to 1) that
    differs from what was shown just before the stretch."""

    at: float
    detail: float
    change: float


def best_still(recording: Recording, start: float, end: float, *, work: Work) -> Still | None:
    """Return the sharpest still frame shown from `start` to `end`, at most 6 s later; None when there is none."""
    if not recording.video:
        return None
    end = min(end, start + WINDOW_SECONDS)
    moments = [max(0.0, start - BEFORE_SECONDS), start, max(start, end)]
    facts = [recording.demuxer, limits.MAX_PIXELS, recording.video.index, *(m + recording.start for m in moments)]
    lines: list[str] = []
    try:
        work.run(
            [sys.executable, "-I", str(LOOK), str(recording.path), *map(str, facts)],
            on_line=lines.append,
            timeout=TIMEOUT_SECONDS,
            memory_limit=limits.FFMPEG_MEMORY,
        )
    except (ProcessFailed, ProcessTimeout):
        return None  # a damaged stretch has no picture; the rest of the recording may have
    found = json.loads("".join(lines))
    return Still(max(0.0, found["at"] - recording.start), found["detail"], found["change"]) if found else None


def write_still(recording: Recording, at: float, target: Path, *, work: Work) -> bool:
    """Write the frame shown at `at` to `target` as WebP, at most 1280 pixels long; say whether there was one."""
    if not recording.video:
        return False
    width, height = fit(recording.video, long_side=PICTURE_LONG_SIDE, short_side=PICTURE_LONG_SIDE)
    ffmpeg.run(
        [
            # A frame's time is a rounded fraction: a millisecond earlier still finds this one, not the next.
            *(
                "-seek_timestamp",
                "1",
                "-ss",
                f"{recording.start + at - 0.001:.6f}",
                *ffmpeg.reading(recording),
                "-map",
                f"0:{recording.video.index}",
            ),
            *("-frames:v", "1", "-vf", f"scale={width}:{height}:flags=area,setsar=1", "-map_metadata", "-1"),
            *("-c:v", "libwebp", "-quality", "82", "-f", "image2", "-update", "1", f"file:{target}"),
        ],
        work=work,
        seconds=1,
    )
    if target.exists() and not _is_whole(target):
        raise ffmpeg.incomplete(target)
    return target.exists()


def _is_whole(picture: Path) -> bool:
    """Say whether a WebP file is as long as its own header says (RFC 9649, section 2.4)."""
    with picture.open("rb") as file:
        head = file.read(8)
    return head[:4] == b"RIFF" and int.from_bytes(head[4:8], "little") + 8 == picture.stat().st_size


def write_poster(recording: Recording, target: Path, *, work: Work) -> bool:
    """Write a still that shows something to `target` as WebP; say whether there was one."""
    stills = []
    for part in POSTER_MOMENTS:
        start = recording.duration * part
        if still := best_still(recording, start, recording.duration, work=work):
            stills.append(still)
            if still.detail > PLAIN:
                break
    if not stills:
        return False
    return write_still(recording, max(stills, key=lambda still: still.detail).at, target, work=work)


def seekable(recording: Recording, *, work: Work) -> Recording:
    """Return the recording in a form one can jump in: without an index, its picture is copied."""
    if recording.indexed or not recording.video:
        return recording
    target = work.scratch / "indexed.mkv"
    ffmpeg.run(
        [
            *ffmpeg.reading(recording),
            "-map",
            f"0:{recording.video.index}",
            "-c",
            "copy",
            "-f",
            "matroska",
            f"file:{target}",
        ],
        work=work,
        seconds=recording.duration,
    )
    video = replace(recording.video, index=0)
    return replace(recording, path=target, demuxer="matroska", start=0.0, video=video, audio=(), indexed=True)
