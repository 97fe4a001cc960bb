"""Where a published video plays, whoever hosts it."""

from __future__ import annotations

from trainings.media_links import media_url
from trainings.models import Video


def stream_url(video: Video) -> str:
    """Return the address of the playlist: ours by the session, or the host's, with a token where it wants one."""
    if video.host == "hls":
        return media_url(video.training, video.playback)
    from trainings.providers.mux_ import playback  # the keys' library only where Mux is used

    return playback.stream_url(video.playback, duration=video.duration)


def storyboard_url(video: Video) -> str:
    """Return the address of the pictures shown over the time bar (WebVTT); empty where the host makes none."""
    if video.host != "mux" or not video.width:
        return ""
    from trainings.providers.mux_ import playback

    return playback.storyboard_url(video.playback, duration=video.duration)
