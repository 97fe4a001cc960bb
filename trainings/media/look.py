"""Find and store the best still in each of several stretches of a video. Run as a script with limits.

Frames are decoded once, from the keyframe before a stretch to its end, and stretches close to each other in one go.
Usage: look.py FILE DEMUXER MAX_PIXELS STREAM WIDTH HEIGHT ROTATION FOLDER NUMBER:BEFORE:START:END...
Moments are seconds of the file's clock, in order; the rotation is in degrees clockwise, the size that of the picture
before it. For each stretch one JSON line is printed as soon as it is over: its `number`, `at` (seconds, file's clock),
`detail` (0 for a plain area), `change` (part of the picture, 0 to 1, that differs from the frame shown at BEFORE) and
`picture`, the name of a WebP file in FOLDER; only the number when the stretch shows nothing.
"""

from __future__ import annotations

import itertools
import json
import signal
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from av.video.stream import VideoStream

LONGEST_SILENCE = 300
"""Seconds from one stretch to the next until the process ends itself: a file may be made to be read for ever."""

READ_ON_SECONDS = 2.0
"""A stretch that begins this close is read on to; a jump would lead back to the keyframe before it."""

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
Size = tuple[int, int]


@dataclass(frozen=True)
class Sample:
    """A frame of the stretch, already as large as the picture will be."""

    at: float
    picture: VideoFrame
    grey: Grey
    detail: float


class Stretch:
    """What is shown at `before` and from `start` to `end`.

    A frame is shown until the next one, which may be long: a screen at a standstill records none.
    """

    def __init__(self, described: str, size: Size) -> None:
        number, *moments = described.split(":")
        self.number = int(number)
        self.before, self.start, self.end = map(float, moments)
        self._size = size
        self._shown: VideoFrame | None = None
        self._shown_before: VideoFrame | None = None
        self._samples: list[Sample] = []

    def begin(self, shown: VideoFrame | None) -> None:
        """Take the frame that is shown at `before`."""
        self._shown = self._shown_before = shown

    def feed(self, frame: VideoFrame, at: float) -> bool:
        """Look at the next frame; False when it comes after the end."""
        if at > self.start and not self._samples:
            self.close()
        if at > self.end:
            return False
        if at >= self.start and (not self._samples or at - self._samples[-1].at >= SAMPLE_SECONDS):
            self._samples.append(_sample(frame, self._size))
        self._shown = frame
        return True

    def close(self) -> None:
        """Look at what is shown all the time when no frame came since the start."""
        if self._shown is not None and not self._samples:
            self._samples.append(_sample(self._shown, self._size))

    def best(self) -> tuple[Sample, float] | None:
        """Return the best still and how much of the picture changed since before, if there was anything."""
        if not self._samples:
            return None
        best = self._samples[_best(self._samples, self.start)]
        before = self._shown_before
        change = 1.0 if before is None else _difference(_grey(_scaled(before, self._size)), best.grey)
        return best, change


def main(path: str, demuxer: str, max_pixels: str, index: str, *arguments: str) -> None:
    """Print a line for each stretch."""
    width, height, rotation, folder, *described = arguments
    stretches = deque(Stretch(each, (int(width), int(height))) for each in described)
    options = {"max_pixels": max_pixels}
    signal.alarm(LONGEST_SILENCE)
    with av.open(path, format=demuxer, options=options, metadata_errors="replace") as container:
        stream = next(stream for stream in container.streams.video if stream.index == int(index))
        stream.codec_context.options = options
        stream.codec_context.thread_count = 2
        stream.codec_context.thread_type = "AUTO"
        while stretches:
            container.seek(max(0, int(stretches[0].before * av.time_base)))
            for stretch in _watch(_frames(container, stream), stretches):
                found = _stored(stretch, int(rotation), Path(folder))
                sys.stdout.write(json.dumps({"number": stretch.number, **found}) + "\n")
                sys.stdout.flush()
                signal.alarm(LONGEST_SILENCE)


def _frames(container: InputContainer, stream: VideoStream) -> Iterator[tuple[VideoFrame, float]]:
    for packet in container.demux(stream):
        try:
            yield from ((frame, frame.time) for frame in packet.decode() if frame.time is not None)
        except av.error.InvalidDataError:
            continue


def _watch(frames: Iterator[tuple[VideoFrame, float]], waiting: deque[Stretch]) -> Iterator[Stretch]:
    """Yield each stretch when it is over, up to one that is far away or to the end of the file."""
    shown: VideoFrame | None = None
    watched: list[Stretch] = []
    for frame, at in frames:
        while waiting and waiting[0].before < at:
            watched.append(waiting.popleft())
            watched[-1].begin(shown)
        over = [stretch for stretch in watched if not stretch.feed(frame, at)]
        watched = [stretch for stretch in watched if stretch not in over]
        yield from over
        if over and not watched and (not waiting or waiting[0].before - at > READ_ON_SECONDS):
            return
        shown = frame
    for stretch in waiting:
        stretch.begin(shown)
    for stretch in (*watched, *waiting):
        stretch.close()
        yield stretch
    waiting.clear()


def _sample(frame: VideoFrame, size: Size) -> Sample:
    picture = _scaled(frame, size)
    grey = _grey(picture)
    edges = np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean()
    return Sample(at=float(frame.time or 0.0), picture=picture, grey=grey, detail=float(edges))


def _scaled(frame: VideoFrame, size: Size) -> VideoFrame:
    width, height = size
    return frame.reformat(width, height, "yuv420p", interpolation=Interpolation.AREA, threads=1)


def _grey(picture: VideoFrame) -> Grey:
    height = max(2, round(picture.height * GREY_WIDTH / picture.width / 2) * 2)
    small = picture.reformat(width=GREY_WIDTH, height=height, format="gray", interpolation="AREA", threads=1)
    return small.to_ndarray().astype(np.int16)


def _best(samples: list[Sample], start: float) -> int:
    """Return the index of a sample that is sharp and at rest; of equal ones, the latest."""
    enough = max([*(sample.detail for sample in samples), 0.001]) * SHARP_ENOUGH
    moves = [_difference(one.grey, two.grey) for one, two in itertools.pairwise(samples)]

    def worth(index: int) -> float:
        motion = max([0.0, *moves[max(0, index - 1) : index + 1]])
        late = max(0.0, samples[index].at - start)
        return min(1.0, samples[index].detail / enough) - min(1.0, motion / FULL_MOTION) + late * LATER_IS_BETTER

    return max(range(len(samples)), key=worth)


def _difference(one: Grey, two: Grey) -> float:
    return float((np.abs(one - two) > CHANGED_GREY).mean())


def _stored(stretch: Stretch, rotation: int, folder: Path) -> dict[str, Any]:
    found = stretch.best()
    if found is None:
        return {}
    still, change = found
    name = f"still-{stretch.number}.webp"
    (folder / name).write_bytes(_webp(_turned(still.picture, rotation)))
    return {"at": still.at, "detail": still.detail, "change": change, "picture": name}


def _turned(picture: VideoFrame, rotation: int) -> VideoFrame:
    if not rotation:
        return picture
    pixels: npt.NDArray[np.uint8] = picture.to_ndarray(format="rgb24").astype(np.uint8)
    turned = np.ascontiguousarray(np.rot90(pixels, -rotation // 90))
    return VideoFrame.from_ndarray(turned, format="rgb24").reformat(format="yuv420p")


def _webp(picture: VideoFrame) -> bytes:
    """Return the file of a picture, in its colours: RFC 9649 knows only BT.601 with the range of a television."""
    encoder = av.CodecContext.create("libwebp", "w")
    assert isinstance(encoder, av.VideoCodecContext)  # noqa: S101
    encoder.width, encoder.height, encoder.pix_fmt = picture.width, picture.height, "yuv420p"
    encoder.time_base = Fraction(1, 1)
    encoder.options = {"quality": "82"}
    plain = picture.reformat(
        dst_colorspace=Colorspace.ITU601,
        src_color_range=picture.color_range,
        dst_color_range=ColorRange.MPEG,
        threads=1,
    )
    plain.pts = 0
    return b"".join(bytes(packet) for packet in [*encoder.encode(plain), *encoder.encode(None)])


if __name__ == "__main__":
    main(*sys.argv[1:])
