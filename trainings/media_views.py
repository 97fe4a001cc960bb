"""Serve pictures, streams and recordings to the members of a company, piece by piece."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import PurePosixPath
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import http_date
from django.views.decorators.http import require_safe
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from trainai.accounts.models import User
from trainings import byte_ranges, media_links
from trainings.media.container import content_type_of
from trainings.models import Training
from trainings.storages import media_storage
from trainings.storages.errors import StorageTrouble

logger = logging.getLogger(__name__)

CONTENT_TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".webp": "image/webp",
}


@require_safe
def media(request: HttpRequest, training_id: UUID, key: str, path: str) -> HttpResponseBase:
    """Send a file of a training, or the part of it the Range header asks for. What one may not see is not found."""
    training = _training(request, training_id, key)
    if path == media_links.SOURCE:
        return _send(request, training.upload.name, "")
    name = PurePosixPath(path)
    if ".." in name.parts or "\0" in path or name.suffix not in CONTENT_TYPES:
        raise Http404
    return _send(request, f"{training.folder}/{name}", CONTENT_TYPES[name.suffix])


def _training(request: HttpRequest, training_id: UUID, key: str) -> Training:
    trainings = Training.objects.select_related("upload")
    if key == media_links.SESSION:
        visible = trainings.visible_to(_member(request)).filter(pk=training_id)
    else:
        visible = (
            trainings.filter(pk=training_id, deleted_at=None)
            if media_links.opens(key, training_id)
            else trainings.none()
        )
    training = visible.first()
    if training is None:
        raise Http404
    return training


def _member(request: HttpRequest) -> User | AnonymousUser:
    """Return who asks: a person by the session, a program by its API token."""
    if request.user.is_authenticated:
        return request.user
    try:
        known = TokenAuthentication().authenticate(Request(request))
    except AuthenticationFailed as error:
        raise Http404 from error
    return known[0] if known else request.user


def _send(request: HttpRequest, name: str, content_type: str) -> HttpResponseBase:
    try:
        known = media_storage().look(name)
    except OSError as error:
        raise Http404 from error
    except StorageTrouble:
        logger.exception("The storage cannot be read.")
        return HttpResponse(status=503, headers={"Retry-After": "10"})
    size, changed = known.size, known.changed
    tag = f'"{size:x}-{int(changed.timestamp() * 1_000_000):x}"'
    if tag in [known.strip() for known in request.headers.get("If-None-Match", "").split(",")]:
        return _with_headers(HttpResponse(status=304), tag)
    try:
        part = _part(request, size, tag)
    except byte_ranges.Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    sent = part or range(size)
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()  # others need it while a slow browser takes its film
    response = _body(request, name, sent)
    response["Content-Type"] = content_type or content_type_of(_first_bytes(name, size))
    response["Content-Length"] = str(len(sent))
    response["Last-Modified"] = http_date(changed.timestamp())
    if part:
        response.status_code = 206
        response["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    return _with_headers(response, tag)


def _part(request: HttpRequest, size: int, tag: str) -> range | None:
    """Return the part to send. Range is defined for GET, and void when If-Range names another version."""
    if request.method != "GET" or request.headers.get("If-Range", tag) != tag:
        return None
    return byte_ranges.asked(request.headers.get("Range", ""), size)


def _with_headers(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    response["ETag"] = tag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = f"private, max-age={int(media_links.LIFETIME.total_seconds())}"
    # An uploaded file comes from our own address: whatever a browser takes it for, nothing in it may run.
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _body(request: HttpRequest, name: str, part: range) -> HttpResponseBase:
    if request.method == "HEAD":
        return HttpResponse()
    pieces = media_storage().read(name, part)
    return StreamingHttpResponse(_in_threads(pieces) if isinstance(request, ASGIRequest) else pieces)


async def _in_threads(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Read without holding up the other requests of this process."""
    while piece := await asyncio.to_thread(next, pieces, b""):
        yield piece


def _first_bytes(name: str, size: int) -> bytes:
    return b"".join(media_storage().read(name, range(min(size, 1024))))
