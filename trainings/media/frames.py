"""Look at the pictures of a recording: find good stills and store them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jobs.errors import ProcessFailed, TemporaryError
from trainings.media import ffmpeg, limits
from trainings.media.recording import Recording, VideoTrack
from trainings.media.sizes import fit
from trainings.providers import Work

LOOK = Path(__file__).with_name("look.py")
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
    differs from what was shown just before the stretch; `picture` is a WebP file in scratch."""

    at: float
    detail: float
    change: float
    picture: Path


Stretch = tuple[float, float]
"""Start and end in seconds of the recording."""

OnStill = Callable[[int, Still | None], None]
"""Is told the number of a stretch and its best still; None where nothing can be seen."""


def take_stills(recording: Recording, stretches: Sequence[Stretch], *, work: Work, on_still: OnStill) -> None:
    """Find the sharpest still frame of each stretch, at most 6 s behind its start, and tell it as soon as it is there.

    `stretches` begin one after the other. One process looks at all of them; where it fails, the stretch it was at
    shows nothing and another goes on behind it. Pictures are at most 1280 pixels long. Raises `TemporaryError`
    (`disk_full`, `interrupted`) and whatever `on_still` raises.
    """
    left = dict(enumerate(stretches))

    def tell(number: int, still: Still | None) -> None:
        del left[number]
        on_still(number, still)

    while left and recording.video:
        argv = [sys.executable, "-I", str(LOOK), *_question(recording, recording.video, left, work.scratch)]
        try:
            work.run(
                argv,
                on_line=lambda line: tell(*_answer(line, recording, work.scratch)),
                memory_limit=limits.FFMPEG_MEMORY,
            )
        except ProcessFailed as failure:
            told = ffmpeg.told(failure)
            if isinstance(told, TemporaryError):
                raise told from failure
        if left:  # a damaged stretch has no picture; the rest of the recording may have
            tell(next(iter(left)), None)


def _question(recording: Recording, video: VideoTrack, stretches: dict[int, Stretch], folder: Path) -> list[str]:
    width, height = fit(video, long_side=PICTURE_LONG_SIDE, short_side=PICTURE_LONG_SIDE)
    stored = (height, width) if video.rotation % 180 else (width, height)
    facts = [recording.path, recording.demuxer, limits.MAX_PIXELS, video.index, *stored, video.rotation, folder]
    for number, (start, end) in stretches.items():
        moments = (max(0.0, start - BEFORE_SECONDS), start, max(start, min(end, start + WINDOW_SECONDS)))
        facts.append(":".join(map(str, (number, *(moment + recording.start for moment in moments)))))
    return [str(fact) for fact in facts]


def _answer(line: str, recording: Recording, folder: Path) -> tuple[int, Still | None]:
    found = json.loads(line)
    if "at" not in found:
        return found["number"], None
    at = max(0.0, found["at"] - recording.start)
    return found["number"], Still(at, found["detail"], found["change"], folder / found["picture"])


def best_still(recording: Recording, start: float, end: float, *, work: Work) -> Still | None:
    """Return the best still of one stretch; see `take_stills`."""
    found: list[Still | None] = []
    take_stills(recording, [(start, end)], work=work, on_still=lambda _, still: found.append(still))
    return found[0] if found else None


def write_poster(recording: Recording, target: Path, *, work: Work) -> bool:
    """Write a still that shows something to `target` as WebP; say whether there was one."""
    best: Still | None = None
    for part in POSTER_MOMENTS:
        still = best_still(recording, recording.duration * part, recording.duration, work=work)
        if still and (best is None or still.detail > best.detail):
            best = replace(still, picture=still.picture.replace(target))
        if best and best.detail > PLAIN:
            break
    return best is not None


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
