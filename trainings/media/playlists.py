"""Read the playlists ffmpeg wrote and write the master playlist over them (RFC 8216).

ffmpeg leaves a size out of its own master playlist when the recording names no bit rate, as browsers' do, so the
figures come from the segments themselves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trainings.media.sizes import Size

MASTER = "master.m3u8"
INDEX = "index.m3u8"
SEGMENTS = "segments.mp4"
"""All segments of one size lie in one file, named by byte ranges: three hours are two files, not 2,700."""


@dataclass(frozen=True)
class Variant:
    """One size of a video in a folder of its own. `size` and `frame_rate` are None and 0 for sound alone."""

    folder: Path
    size: Size | None
    frame_rate: float
    sound: bool


def is_whole(variant: Variant) -> bool:
    """Say whether everything the playlist should name was written."""
    index, segments = variant.folder / INDEX, variant.folder / SEGMENTS
    if not index.is_file() or not segments.is_file():
        return False
    named = [int(size) + int(start) for size, start in re.findall(r"BYTERANGE:(\d+)@(\d+)", index.read_text())]
    return max(named, default=-1) == segments.stat().st_size and "#EXT-X-ENDLIST" in index.read_text()


def longest_segment(variant: Variant) -> float:
    """Return the longest segment in seconds."""
    return max(seconds for seconds, _ in _segments(variant))


def write_master(folder: Path, variants: Sequence[Variant]) -> None:
    """Write the master playlist for `variants`, folders within `folder`."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for variant in variants:
        lines += [f"#EXT-X-STREAM-INF:{_attributes(variant)}", f"{variant.folder.name}/{INDEX}"]
    (folder / MASTER).write_text("\n".join(lines) + "\n")


def _attributes(variant: Variant) -> str:
    segments = _segments(variant)
    # The last segment may be a few frames long, which says nothing about the line one needs.
    peak = max(size * 8 / max(seconds, 1.0) for seconds, size in segments)
    average = sum(size for _, size in segments) * 8 / max(1.0, sum(seconds for seconds, _ in segments))
    attributes = [f"BANDWIDTH={round(max(peak, average))}", f"AVERAGE-BANDWIDTH={round(average)}"]
    if variant.size:
        attributes.append(f"RESOLUTION={variant.size[0]}x{variant.size[1]}")
    if variant.frame_rate:
        attributes.append(f"FRAME-RATE={variant.frame_rate:.3f}")
    return ",".join([*attributes, f'CODECS="{_codecs(variant)}"'])


def _codecs(variant: Variant) -> str:
    """Name the codecs as RFC 6381 does; H.264's profile and level stand in its configuration (ISO/IEC 14496-15)."""
    codecs = ["mp4a.40.2"] if variant.sound else []
    if variant.size:
        with (variant.folder / SEGMENTS).open("rb") as file:
            head = file.read(64 * 1024)
        configuration = head.index(b"avcC") + 4
        codecs.insert(0, f"avc1.{head[configuration + 1 : configuration + 4].hex()}")
    return ",".join(codecs)


def _segments(variant: Variant) -> list[tuple[float, int]]:
    """Return the seconds and bytes of each segment."""
    text = (variant.folder / INDEX).read_text()
    found = re.findall(r"#EXTINF:([\d.]+),[^\n]*\n#EXT-X-BYTERANGE:(\d+)", text)
    return [(float(seconds), int(size)) for seconds, size in found]
