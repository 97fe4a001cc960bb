"""Look into a media file and print what it holds as one JSON object. Run as a script in a process with limits.

Nothing of the product is imported, so that the child starts fast and holds nothing worth taking.
Usage: examine.py FILE DEMUXER MAX_PIXELS
"""

from __future__ import annotations

import itertools
import json
import sys
from fractions import Fraction
from typing import Any

import av
import av.logging
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

PACKETS_TO_TRY = 300


def main(path: str, demuxer: str, max_pixels: str) -> dict[str, Any]:
    """Return the facts, or `{"error": code, "detail": text}`."""
    av.logging.set_level(av.logging.ERROR)
    options = {"max_pixels": max_pixels}
    with av.logging.Capture() as logs:
        try:
            with av.open(path, format=demuxer, options=options, metadata_errors="replace") as container:
                facts = _facts(container, options)
                # Recorders in browsers write neither a duration nor an index: only the packets tell.
                if not facts["duration"]:
                    facts["duration"] = _end_of_packets(container) - facts["start"]
                return facts
        except (av.error.FFmpegError, ValueError, MemoryError) as error:
            return {"error": _code(logs), "detail": f"{type(error).__name__}: {error}"}


def _facts(container: InputContainer, options: dict[str, str]) -> dict[str, Any]:
    return {
        "start": (container.start_time or 0) / av.time_base,
        "duration": (container.duration or 0) / av.time_base,
        "indexed": bool(container.duration),
        "streams": len(container.streams),
        "video": _video(container, options),
        "audio": [
            {
                "index": stream.index,
                "codec": stream.codec_context.name,
                "profile": stream.profile or "",
                "channels": stream.codec_context.channels,
                "sample_rate": stream.codec_context.sample_rate,
            }
            for stream in container.streams.audio
            if stream.codec_context and stream.codec_context.sample_rate and stream.codec_context.channels
        ],
    }


def _video(container: InputContainer, options: dict[str, str]) -> dict[str, Any] | None:
    """Describe the main moving picture by its first frame; a cover picture does not count."""
    streams = container.streams.video
    pictures = [s for s in streams if s.codec_context and not s.disposition & s.disposition.attached_pic]
    if not pictures:
        return None
    stream = max(pictures, key=lambda s: bool(s.disposition & s.disposition.default))
    stream.codec_context.options = options
    stream.codec_context.thread_count = 1
    frame = _first_frame(container, stream)
    if frame is None:
        return None
    rotation = round(-frame.rotation / 90) * 90 % 360
    width, height = _shown_size(frame.width, frame.height, stream.sample_aspect_ratio)
    return {
        "index": stream.index,
        "codec": stream.codec_context.name,
        "width": height if rotation % 180 else width,
        "height": width if rotation % 180 else height,
        "rotation": rotation,
        "pixel_format": frame.format.name,
        "frame_rate": float(stream.average_rate or 0),
    }


def _first_frame(container: InputContainer, stream: VideoStream) -> VideoFrame | None:
    """Return the first picture that decodes; a recording cut out of a longer one starts with pieces that do not."""
    frame = None
    for packet in itertools.islice(container.demux(stream), PACKETS_TO_TRY):
        try:
            frame = next(iter(packet.decode()), None)
        except av.error.InvalidDataError:
            continue
        if frame:
            break
    container.seek(container.start_time or 0)
    return frame


def _shown_size(width: int, height: int, aspect: Fraction | None) -> tuple[int, int]:
    return (round(width * aspect), height) if aspect else (width, height)


def _end_of_packets(container: InputContainer) -> float:
    end = 0.0
    for packet in container.demux():
        if packet.pts is not None and packet.time_base:
            end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    return end


def _code(logs: list[tuple[int, str, str]]) -> str:
    lines = " ".join(message for _, _, message in logs)
    return "too_large_picture" if "exceeds specified max pixel count" in lines else "damaged_file"


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:4])))
