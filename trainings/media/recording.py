"""What a recording holds, as values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class VideoTrack:
    """A moving picture. `width` and `height` are as shown, after `rotation` (0, 90, 180 or 270 degrees clockwise)."""

    index: int
    codec: str
    width: int
    height: int
    rotation: int
    pixel_format: str
    frame_rate: float
    """Frames per second on average; 0 when the file does not say."""


@dataclass(frozen=True)
class AudioTrack:
    """A sound track. `sample_rate` in Hz."""

    index: int
    codec: str
    profile: str
    channels: int
    sample_rate: int


@dataclass(frozen=True)
class Recording:
    """A file that was looked into and can be worked with."""

    path: Path
    demuxer: str
    """The ffmpeg demuxer its first bytes ask for; every later opening forces it."""
    duration: float
    """Seconds."""
    start: float
    """Timestamp of the first picture or sound in seconds; moments are counted from here."""
    video: VideoTrack | None
    audio: tuple[AudioTrack, ...]
    indexed: bool
    """Whether one can jump in it; recorders in browsers write neither a duration nor an index."""
    streams: int
    """Streams of any kind."""
