"""Find the best still in a stretch of a video and print it as one JSON object. Run as a script with limits.

Every frame is decoded once, from the keyframe before the stretch to its end, and looked at in a small grey copy.
Usage: look.py FILE DEMUXER MAX_PIXELS STREAM BEFORE START END (the last three in seconds of the file's clock)
Prints `at` (seconds, file's clock), `detail` (0 for a plain area) and `change` (part of the picture, 0 to 1, that
differs from the frame shown at BEFORE), or `null` when the stretch shows nothing.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

GREY_WIDTH = 480
SAMPLE_SECONDS = 0.2
CHANGED_GREY = 24
"""Steps of grey, of 255, that a pixel must differ by; the noise of compression stays below."""

FULL_MOTION = 0.05
"""Part of the picture that changes from one sample to the next in a transition; then a still is worth nothing."""

LATER_IS_BETTER = 0.05
"""Worth of one second: at the start of a step the screen still shows the one before."""

SHARP_ENOUGH = 0.5
"""Detail, as a part of the sharpest sample's, from which on more is worth nothing: one page has more text than
another. Below it, a picture is blurred or blank."""

Grey = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Sample:
    """A frame of the stretch."""

    at: float
    grey: Grey
    detail: float


def main(path: str, demuxer: str, max_pixels: str, index: str, *moments: str) -> dict[str, float] | None:
    """Return the best still, or None."""
    before, start, end = map(float, moments)
    options = {"max_pixels": max_pixels}
    with av.open(path, format=demuxer, options=options, metadata_errors="replace") as container:
        stream = next(stream for stream in container.streams.video if stream.index == int(index))
        stream.codec_context.options = options
        stream.codec_context.thread_count = 2
        stream.codec_context.thread_type = "AUTO"
        container.seek(max(0, int(before * av.time_base)))
        shown_before, samples = _watch(_frames(container, stream), before, start, end)
    if not samples:
        return None
    best = samples[_best([sample.detail for sample in samples], samples, start)]
    change = _difference(shown_before, best.grey) if shown_before is not None else 1.0
    return {"at": best.at, "detail": best.detail, "change": change}


def _frames(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            continue


def _watch(frames: Iterator[VideoFrame], before: float, start: float, end: float) -> tuple[Grey | None, list[Sample]]:
    """Return what is shown at `before`, and the samples between `start` and `end`.

    A frame is shown until the next one, which may be long: a screen at a standstill records none.
    """
    shown: VideoFrame | None = None
    shown_before: VideoFrame | None = None
    samples: list[Sample] = []
    for frame in frames:
        if frame.time is None:
            continue
        if frame.time > before and shown_before is None:
            shown_before = shown
        if frame.time > start and shown is not None and not samples:
            samples.append(_sample(shown))
        if frame.time > end:
            break
        if frame.time >= start and (not samples or frame.time - samples[-1].at >= SAMPLE_SECONDS):
            samples.append(_sample(frame))
        shown = frame
    else:
        if shown is not None and not samples:
            samples.append(_sample(shown))
        shown_before = shown_before or shown
    return (_grey(shown_before) if shown_before else None), samples


def _sample(frame: VideoFrame) -> Sample:
    grey = _grey(frame)
    edges = np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean()
    return Sample(at=float(frame.time or 0.0), grey=grey, detail=float(edges))


def _grey(frame: VideoFrame) -> Grey:
    height = max(2, round(frame.height * GREY_WIDTH / frame.width / 2) * 2)
    small = frame.reformat(width=GREY_WIDTH, height=height, format="gray", interpolation="AREA")
    return small.to_ndarray().astype(np.int16)


def _best(details: list[float], samples: list[Sample], start: float) -> int:
    """Return the index of a sample that is sharp and at rest; of equal ones, the latest."""
    enough = max([*details, 0.001]) * SHARP_ENOUGH
    moves = [_difference(one.grey, two.grey) for one, two in itertools.pairwise(samples)]

    def worth(index: int) -> float:
        motion = max([0.0, *moves[max(0, index - 1) : index + 1]])
        late = max(0.0, samples[index].at - start)
        return min(1.0, details[index] / enough) - min(1.0, motion / FULL_MOTION) + late * LATER_IS_BETTER

    return max(range(len(samples)), key=worth)


def _difference(one: Grey, two: Grey) -> float:
    if one.shape != two.shape:
        return 1.0
    return float((np.abs(one - two) > CHANGED_GREY).mean())


if __name__ == "__main__":
    found: Any = main(*sys.argv[1:])
    sys.stdout.write(json.dumps(found))
