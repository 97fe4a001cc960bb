"""Publishing at Mux: send the recording, wait for the asset without holding a worker, hand over how it plays."""

from __future__ import annotations

import datetime
import uuid
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.utils import timezone

from jobs.errors import PermanentError, TemporaryError, WaitUntil
from trainings import files
from trainings.media import frames
from trainings.media.probe import probe
from trainings.media.recording import Recording
from trainings.models import HostedVideo
from trainings.providers import PublishedVideo, Work
from trainings.providers.mux_ import errors, sending
from trainings.providers.mux_.client import Asset, Mux

POSTER = "poster.webp"
FIRST_LOOK = 5.0
LONGEST_LOOK = 60.0
"""Seconds between two looks at an asset; with webhooks, which tell at once, only the longest is used."""
SENDING_AGAIN = datetime.timedelta(seconds=15)
"""After the line broke, or while the place that the bytes go to is out of order; longer each time."""
LONGEST_PAUSE = datetime.timedelta(minutes=10)
PATIENCE = datetime.timedelta(hours=24)


class MuxHost:
    """One asset a training: a retry finds what is there by the row, and Mux carries the training's id."""

    name = "mux"

    def publish(self, recording: Path, *, folder: str, work: Work) -> PublishedVideo:
        """Publish `recording` of the training whose folder holds `folder`; the poster is stored there.

        Raises `WaitUntil` while Mux prepares it, and what `probe` and `errors` tell.
        """
        work.report(1, "Looking at the recording")
        found = probe(recording, work=work)
        mux = Mux()
        row, _ = HostedVideo.objects.get_or_create(training_id=_training(folder))
        asset = self._asset(mux, row, recording, work)
        if asset.status != "ready" or not asset.playback_id:
            raise self._not_ready(mux, row, asset)
        row.playback_id = asset.playback_id
        row.save(update_fields=["playback_id"])
        poster = self._store_poster(found, folder, work)
        size = (found.video.width, found.video.height) if found.video else (0, 0)
        return PublishedVideo(self.name, asset.playback_id, poster, *size, found.duration)

    def delete(self, video: PublishedVideo) -> None:
        """Delete the asset and the poster of `video`. Deleting twice is no error."""
        row = HostedVideo.objects.filter(playback_id=video.playback).first()
        if row:
            self.discard(row)
        else:
            mux = Mux()
            if asset_id := mux.asset_of(video.playback):
                mux.delete_asset(asset_id)
        if video.poster:
            files.delete_folder(str(PurePosixPath(video.poster).parent))

    def discard(self, row: HostedVideo) -> None:
        """Delete whatever Mux holds for a training, however far it had come."""
        mux = Mux()
        if row.upload_id and not row.asset_id:
            mux.cancel_upload(row.upload_id)
            upload = mux.upload(row.upload_id)  # its last byte may have come just before
            if upload and upload.status == "waiting":
                raise errors.unfinished()
            row.asset_id = upload.asset_id if upload else ""
        if row.asset_id:
            mux.delete_asset(row.asset_id)
        row.delete()

    def _asset(self, mux: Mux, row: HostedVideo, recording: Path, work: Work) -> Asset:
        """Return the asset of the training, made now if there is none."""
        for _ in range(3):
            if row.asset_id:
                asset = mux.asset(row.asset_id)
                if asset:
                    return asset
                _forget(row)  # somebody deleted it at Mux
            if not row.upload_id:
                signed = bool(settings.MUX_SIGNING_KEY)
                # No asset comes of an address that is lost before it is stored: nothing was sent to it.
                row.upload_id, row.signed = mux.create_upload(str(row.training_id), signed=signed).id, signed
                row.save()
            self._follow_upload(mux, row, recording, work)
        raise errors.out_of_order("uploads vanish")

    def _follow_upload(self, mux: Mux, row: HostedVideo, recording: Path, work: Work) -> None:
        """Send what is missing, and note the asset that comes of it."""
        upload = mux.upload(row.upload_id)
        if upload and upload.status == "waiting":
            try:
                sending.send(
                    recording,
                    upload.url,
                    check=work.check,
                    sent=lambda share: work.report(5 + 85 * share, "Sending the video to Mux"),
                )
            except TemporaryError as error:
                raise _later(row, error) from None
            except sending.Expired:
                mux.cancel_upload(row.upload_id)  # no asset may come of what is there after we have forgotten it
                upload = mux.upload(row.upload_id)
                if upload and upload.asset_id:
                    _note_asset(row, upload.asset_id)
                else:
                    _forget(row, since=row.created_at)
                return
            upload = mux.upload(row.upload_id)
        if upload is None or upload.status in ("cancelled", "timed_out"):
            _forget(row)
        elif upload.status == "errored":
            _forget(row)
            raise errors.unreadable([upload.error])
        elif upload.asset_id:
            _note_asset(row, upload.asset_id)
        else:
            raise _wait(row)

    def _not_ready(self, mux: Mux, row: HostedVideo, asset: Asset) -> PermanentError | WaitUntil:
        if asset.status == "errored":
            mux.delete_asset(asset.id)
            _forget(row)  # a retry by hand sends it anew
            return errors.unreadable([*asset.errors])
        if timezone.now() - row.created_at > PATIENCE:
            return PermanentError(
                "video_never_ready", "Mux did not finish this video within a day. Retry later, or ask Mux.", asset.id
            )
        return _wait(row)

    def _store_poster(self, found: Recording, folder: str, work: Work) -> str:
        """Store our own still: the page shows it without asking anybody elsewhere."""
        made = work.scratch / POSTER
        if not frames.write_poster(frames.seekable(found, work=work), made, work=work):
            return ""
        files.store(made, f"{folder}/{POSTER}")
        return f"{folder}/{POSTER}"


def _training(folder: str) -> uuid.UUID:
    """Return the training a folder belongs to: "trainings/<id>/video-..."."""
    return uuid.UUID(PurePosixPath(folder).parent.name)


def _note_asset(row: HostedVideo, asset_id: str) -> None:
    """Note the asset, and that Mux's time for it begins now: sending may have waited for days."""
    row.asset_id, row.created_at, row.checks = asset_id, timezone.now(), 0
    row.save(update_fields=["asset_id", "created_at", "checks"])


def _forget(row: HostedVideo, *, since: datetime.datetime | None = None) -> None:
    """Begin again; the time that sending may take counts from now, or goes on `since`."""
    row.upload_id = row.asset_id = row.playback_id = ""
    row.checks = 0 if since is None else row.checks
    row.created_at = since or timezone.now()
    row.save()


def _later(row: HostedVideo, error: TemporaryError) -> TemporaryError | WaitUntil:
    """Have sending go on where it stands, without using up an attempt; after a day it fails like anything else."""
    if timezone.now() - row.created_at > PATIENCE:
        return error
    row.checks += 1
    row.save(update_fields=["checks"])
    pause = min(row.checks * SENDING_AGAIN, LONGEST_PAUSE)
    return WaitUntil(timezone.now() + pause, error.code, error.message, error.detail)


def _wait(row: HostedVideo) -> WaitUntil:
    row.checks += 1
    row.save(update_fields=["checks"])
    seconds = LONGEST_LOOK if settings.MUX_WEBHOOK_SECRET else min(FIRST_LOOK * row.checks, LONGEST_LOOK)
    return WaitUntil(
        timezone.now() + datetime.timedelta(seconds=seconds),
        "video_preparing",
        "Mux is preparing the video. This goes on by itself.",
        row.asset_id or row.upload_id,
    )
