"""The official client: direct uploads and assets, as values of ours."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mux_python
import urllib3
from django.conf import settings
from django.utils import timezone
from mux_python.exceptions import ApiException, NotFoundException, OpenApiException

from jobs.errors import JobError, PermanentError, TemporaryError, WaitUntil
from trainings.paid import breaker
from trainings.providers.mux_ import errors

TIMEOUT = (10.0, 60.0)
"""Seconds to connect, and to wait for an answer."""

PAUSE = datetime.timedelta(seconds=5)
"""After a failure that is not yet the third in a row."""

UPLOAD_LIFETIME = 24 * 3600
"""Seconds for which an upload address is good (mux.com/docs/api-reference/video/direct-uploads: 60 to 604800)."""


@dataclass(frozen=True)
class Upload:
    """A direct upload: "waiting", "asset_created", "errored", "cancelled" or "timed_out"."""

    id: str
    status: str
    url: str
    asset_id: str
    error: str


@dataclass(frozen=True)
class Asset:
    """A video at Mux: "preparing", "ready" or "errored"."""

    id: str
    status: str
    playback_id: str
    errors: tuple[str, ...]


@dataclass(frozen=True)
class TextTrack:
    """Captions of an asset: "preparing", "ready" or "errored"."""

    id: str
    status: str
    passthrough: str


class Mux:
    """Mux's API with our token. Methods raise what `errors` tells, or return None for what is not there."""

    def __init__(self) -> None:
        configuration = mux_python.Configuration(
            host=settings.MUX_BASE_URL, username=settings.MUX_TOKEN_ID, password=settings.MUX_TOKEN_SECRET
        )
        configuration.retries = False  # waiting is a state of the job, not of a worker
        api = mux_python.ApiClient(configuration)
        self._uploads = mux_python.DirectUploadsApi(api)
        self._assets = mux_python.AssetsApi(api)
        self._playback = mux_python.PlaybackIDApi(api)
        self._has_answered = False

    def create_upload(self, passthrough: str, *, signed: bool) -> Upload:
        """Make an upload address whose asset will carry `passthrough`; no asset exists before all bytes are there."""
        asset = mux_python.CreateAssetRequest(
            playback_policies=["signed" if signed else "public"], passthrough=passthrough
        )
        request = mux_python.CreateUploadRequest(new_asset_settings=asset, timeout=UPLOAD_LIFETIME)
        made = self._call(lambda: self._uploads.create_direct_upload(request, _request_timeout=TIMEOUT))
        return _upload(made)

    def upload(self, upload_id: str) -> Upload | None:
        """Return an upload as it is now."""
        found = self._call(lambda: self._uploads.get_direct_upload(upload_id, _request_timeout=TIMEOUT))
        return _upload(found) if found else None

    def cancel_upload(self, upload_id: str) -> None:
        """Make the address of an upload useless; one that is over stays as it is."""
        upload = self.upload(upload_id)
        if upload and upload.status == "waiting":
            try:
                self._call(lambda: self._uploads.cancel_direct_upload(upload_id, _request_timeout=TIMEOUT))
            except PermanentError as error:
                if error.code != "request_refused":
                    raise
                # Its last byte came in this moment: an asset comes of it.

    def asset(self, asset_id: str) -> Asset | None:
        """Return an asset as it is now."""
        found = self._call(lambda: self._assets.get_asset(asset_id, _request_timeout=TIMEOUT))
        return _asset(found) if found else None

    def asset_of(self, playback_id: str) -> str:
        """Return the id of the asset that a playback id plays, empty when there is none."""
        found = self._call(lambda: self._playback.get_asset_or_livestream_id(playback_id, _request_timeout=TIMEOUT))
        played = found.data.object if found else None
        return str(played.id) if played and played.type == "asset" else ""

    def text_tracks(self, asset_id: str) -> list[TextTrack]:
        """Return the captions of an asset; none when it is not there."""
        found = self._call(lambda: self._assets.get_asset(asset_id, _request_timeout=TIMEOUT))
        tracks = (found.data.tracks or []) if found else []
        return [TextTrack(each.id, each.status or "", each.passthrough or "") for each in tracks if each.type == "text"]

    def add_captions(self, asset_id: str, address: str, language: str, name: str, passthrough: str) -> None:
        """Have Mux fetch captions (WebVTT) from an address."""
        track = mux_python.CreateTrackRequest(
            url=address,
            type="text",
            text_type="subtitles",
            language_code=language,
            name=name,
            closed_captions=True,
            passthrough=passthrough,
        )
        self._call(lambda: self._assets.create_asset_track(asset_id, track, _request_timeout=TIMEOUT))

    def delete_track(self, asset_id: str, track_id: str) -> None:
        """Delete captions. Deleting twice is no error."""
        self._call(lambda: self._assets.delete_asset_track(asset_id, track_id, _request_timeout=TIMEOUT))

    def delete_asset(self, asset_id: str) -> None:
        """Delete an asset. Deleting twice is no error."""
        self._call(lambda: self._assets.delete_asset(asset_id, _request_timeout=TIMEOUT))

    def _call(self, send: Callable[[], Any]) -> Any:
        breaker.check(errors.SERVICE)
        try:
            answer = send()
        except NotFoundException:
            answer = None
        except ApiException as error:
            raise self._failure(errors.refused(error.status or 503, error.headers or {}, error.body)) from None
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise self._failure(errors.out_of_order(f"{type(error).__name__}: {error}")) from None
        except (OpenApiException, ValueError, AttributeError, TypeError) as error:  # a page instead of JSON
            raise self._failure(errors.out_of_order(f"strange answer: {error}")) from None
        breaker.answered(errors.SERVICE)
        self._has_answered = True
        return answer

    def _failure(self, error: JobError) -> JobError:
        """Return what to raise. When Mux has answered nothing yet it is an outage, which uses up no attempt."""
        if self._has_answered or not isinstance(error, TemporaryError):
            return error
        return WaitUntil(timezone.now() + PAUSE, error.code, error.message, error.detail)


def _upload(answer: Any) -> Upload:
    data = getattr(answer, "data", None)
    if data is None or not data.id:
        raise errors.out_of_order("strange answer: no upload in it")
    error = data.error.message if data.error else ""
    return Upload(data.id, data.status or "", data.url or "", data.asset_id or "", error or "")


def _asset(answer: Any) -> Asset:
    data = getattr(answer, "data", None)
    if data is None or not data.id:
        raise errors.out_of_order("strange answer: no asset in it")
    playback = data.playback_ids[0].id if data.playback_ids else ""
    messages = tuple(map(str, data.errors.messages or [data.errors.type])) if data.errors else ()
    return Asset(data.id, data.status or "", playback, messages)
