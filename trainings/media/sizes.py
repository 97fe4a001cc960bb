"""How large a picture becomes."""

from __future__ import annotations

from trainings.media.recording import VideoTrack

Size = tuple[int, int]

LONG_SIDE = 1920
SHORT_SIDE = 1080
SMALL_SHORT_SIDE = 540
"""The size for a slow line: text on a screen can still be read."""

SMALL_FROM = 720
"""Short side in pixels from which on a recording gets the small size as well."""


def fit(video: VideoTrack, *, long_side: int, short_side: int) -> Size:
    """Return the largest even width and height within the box, turned as the picture is; never enlarged."""
    long, short = max(video.width, video.height), min(video.width, video.height)
    scale = min(1.0, long_side / long, short_side / short)
    return _even(video.width * scale), _even(video.height * scale)


def ladder(video: VideoTrack) -> list[Size]:
    """Return the one or two sizes a recording is published in, the largest first."""
    sizes = [fit(video, long_side=LONG_SIDE, short_side=SHORT_SIDE)]
    if min(sizes[0]) >= SMALL_FROM:
        sizes.append(fit(video, long_side=LONG_SIDE, short_side=SMALL_SHORT_SIDE))
    return sizes


def _even(pixels: float) -> int:
    return max(2, round(pixels / 2) * 2)
