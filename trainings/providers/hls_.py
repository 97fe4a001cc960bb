"""The built-in video host: HLS from our own storage."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from trainings import files
from trainings.media import frames, hls, playlists
from trainings.media.probe import probe
from trainings.providers import PublishedVideo, Work

POSTER = "poster.webp"


class HlsHost:
    """Makes the recording streamable in scratch and moves the finished folder into the storage."""

    name = "hls"

    def publish(self, recording: Path, *, folder: str, work: Work) -> PublishedVideo:
        """Publish `recording` under the new storage name `folder`: all of it or nothing.

        Sound without picture is published with width and height 0 and no poster. Raises what `probe` and `make_hls`
        raise, and `TemporaryError` `disk_full`.
        """
        work.report(1, "Looking at the recording")
        found = probe(recording, work=work)
        made = work.scratch / "hls"
        made.mkdir()
        poster = frames.write_poster(frames.seekable(found, work=work), made / POSTER, work=work)
        work.report(5, "Preparing the video")
        width, height = hls.make_hls(
            found, made, work=work, on_progress=lambda done: work.report(5 + done * 90, "Preparing the video")
        )
        work.check()
        files.store_folder(made, folder)
        return PublishedVideo(
            host=self.name,
            playback=f"{folder}/{playlists.MASTER}",
            poster=f"{folder}/{POSTER}" if poster else "",
            width=width,
            height=height,
            duration=found.duration,
        )

    def delete(self, video: PublishedVideo) -> None:
        """Delete the folder of `video`. Deleting twice is no error."""
        files.delete_folder(str(PurePosixPath(video.playback).parent))
