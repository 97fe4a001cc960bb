"""Uploads that can be cut anywhere: tus 1.0.0 with creation, creation-with-upload, creation-defer-length, checksum,
termination and expiration. One class an address, one method a verb."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import MethodNotAllowed, PermissionDenied
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from trainai import streaming
from trainai.accounts.models import Membership
from trainings import (
    filenames,
    languages,
    pipeline,
    quota,
    receiving,
    removal,
    tus_errors,
    tus_headers,
    upload_turns,
)
from trainings.models import Training, Upload
from trainings.models.upload import Overtaken, next_expiry
from trainings.permissions import VIEWERS_MAY_NOT, require_maker
from trainings.storages import errors as storage_errors
from trainings.storages import media_storage

logger = logging.getLogger(__name__)

SPOKEN = "language"
"""The key in the metadata that names the spoken language; left out or empty: it is found."""


class UnreadBody(BaseParser):
    """Leaves the body where it is: the CSRF check of a POST asks for its fields, and the bytes are not for parsing."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        return {}


class TusView(APIView):
    """What both addresses share: the version handshake and the headers of every answer."""

    parser_classes = [UnreadBody]

    def get_permissions(self) -> list[BasePermission]:
        return [AllowAny() if self.request.method == "OPTIONS" else IsAuthenticated()]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != tus_headers.VERSION:
            raise tus_errors.wrong_version()

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, storage_errors.StorageTrouble):
            logger.error("%s: %s", exc.code, exc)
            exc = tus_errors.storage_trouble(exc.code)
        response = super().handle_exception(exc)
        if isinstance(exc, tus_errors.TusError):
            for name, value in exc.headers.items():
                response[name] = value
        return response

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        final.headers["Tus-Resumable"] = tus_headers.VERSION
        final.headers.setdefault("Cache-Control", "no-store")
        return final

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """What this server can do."""
        response = Response(status=204)
        response["Tus-Version"] = tus_headers.VERSION
        response["Tus-Extension"] = tus_headers.EXTENSIONS
        response["Tus-Max-Size"] = str(settings.MAX_UPLOAD_BYTES)
        response["Tus-Checksum-Algorithm"] = ",".join(tus_headers.CHECKSUM_ALGORITHMS)
        return response


@extend_schema(exclude=True)
class UploadsView(TusView):
    """`/api/uploads/`: where an upload begins."""

    def post(self, request: Request) -> Response:
        """Make an upload; take its first bytes when they come along."""
        upload = _create(request)
        _receive(upload, request)
        response = Response(status=201)
        response["Location"] = reverse("trainings_api:upload", args=[upload.id])
        return _with_state(response, upload)


@extend_schema(exclude=True)
class UploadView(TusView):
    """`/api/uploads/{id}`: one upload."""

    def head(self, request: Request, id: UUID) -> Response:
        """Say how far it is."""
        upload = _find(request, id)
        if not Training.objects.filter(upload=upload, upload__finished_at__isnull=False, deleted_at=None).exists():
            _require_standing(upload)
            if not upload.holds_its_bytes:
                raise _gone(upload)
        response = _with_state(Response(status=200), upload)
        if upload.size is None:
            response["Upload-Defer-Length"] = "1"
        else:
            response["Upload-Length"] = str(upload.size)
        if upload.metadata:
            response["Upload-Metadata"] = upload.metadata
        return response

    def patch(self, request: Request, id: UUID) -> Response:
        """Take the next bytes."""
        upload = _open(request, id)
        _require_content_type(request)
        offset = tus_headers.required_number(request.headers, "Upload-Offset")
        _receive(upload, request, offset)
        return _with_state(Response(status=204), upload)

    def delete(self, request: Request, id: UUID) -> Response:
        """Give it up and delete its bytes."""
        upload = _open(request, id)
        with _turn(upload):
            upload.refresh_from_db()
            if upload.finished_at:
                raise tus_errors.finished()
            with transaction.atomic():
                upload.give_up()
                if training := Training.objects.filter(upload=upload).first():
                    removal.remove(training, by=require_maker(request).user)
            upload.discard()
        return Response(status=204)

    def post(self, request: Request, id: UUID) -> Response:
        """Another verb in disguise, for clients that can only send POST."""
        verb = request.headers.get("X-HTTP-Method-Override", "").upper()
        if verb not in ("HEAD", "PATCH", "DELETE"):
            raise MethodNotAllowed("POST")
        response: Response = getattr(self, verb.lower())(request, id)
        return response


def _create(request: Request) -> Upload:
    membership = require_maker(request)
    size = _announced_size(request)
    pairs = tus_headers.metadata(request.headers)
    if "fingerprint" in pairs and (begun := _begun_before(request, membership, size)):
        return begun
    if tus_headers.number(request.headers, "Content-Length"):
        _require_content_type(request)
    spoken = pairs.get(SPOKEN, "")
    if spoken and spoken not in languages.KNOWN:
        raise tus_errors.unknown_language(spoken)
    with _space_refused():
        media_storage().require_space(size or 0)
    with _quota_refused(), transaction.atomic():
        quota.claim(membership.company, size or 0)
        upload = Upload.objects.create(
            company=membership.company,
            user=membership.user,
            size=size,
            filename=filenames.clean(pairs.get("filename") or pairs.get("name") or ""),
            spoken_language=spoken,
            metadata=request.headers.get("Upload-Metadata", ""),
            expires_at=next_expiry(),
        )
    with _space_refused():
        receiving.make(upload)
    if upload.was_recorded_here:
        pipeline.begin_recording(upload)
    return upload


def _begun_before(request: Request, membership: Membership, size: int | None) -> Upload | None:
    """Return the upload that the same request of this person made already, of which nothing has come: whoever did not
    get the answer asks again, and the company's space is not claimed twice."""
    same = Upload.objects.filter(
        company=membership.company,
        user=membership.user,
        size=size,
        metadata=request.headers["Upload-Metadata"],
        offset=0,
        finished_at=None,
        discarded_at=None,
        expires_at__gt=timezone.now(),
    ).exclude(training__deleted_at__isnull=False)
    return next((upload for upload in same.order_by("-created_at") if _is_ready(upload)), None)


def _is_ready(upload: Upload) -> bool:
    """Return whether its creation went to the end."""
    has_training = not upload.was_recorded_here or Training.objects.filter(upload=upload).exists()
    return has_training and upload.holds_its_bytes


def _announced_size(request: Request) -> int | None:
    size = tus_headers.number(request.headers, "Upload-Length")
    if (size is None) != tus_headers.deferred_length(request.headers):
        raise tus_errors.invalid_header(_("Say either Upload-Length or Upload-Defer-Length: 1."))
    if size is not None and size > settings.MAX_UPLOAD_BYTES:
        raise tus_errors.too_large(settings.MAX_UPLOAD_BYTES)
    return size


def _find(request: Request, id: UUID) -> Upload:
    """Return the upload when this person may see it; 404 otherwise."""
    upload = Upload.objects.visible_to(request.user).filter(pk=id).first()
    if upload is None:
        raise Http404
    return upload


def _open(request: Request, id: UUID) -> Upload:
    """Return the upload when this person may change it and it still stands; 404, 403 or 410 otherwise."""
    upload = Upload.objects.editable_by(request.user).filter(pk=id).first()
    if upload is None:
        _find(request, id)
        raise PermissionDenied(VIEWERS_MAY_NOT)
    _require_standing(upload)
    return upload


def _require_standing(upload: Upload) -> None:
    if upload.is_gone:
        raise _gone(upload)


def _gone(upload: Upload) -> tus_errors.TusError:
    job = removal.job_of(upload)
    return tus_errors.removed(str(job.user)) if job else tus_errors.gone()


def _require_content_type(request: Request) -> None:
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != tus_headers.CONTENT_TYPE:
        raise tus_errors.wrong_content_type()


def _receive(upload: Upload, request: Request, offset: int = 0) -> None:
    """Take the request's body at `offset`; with the last byte the training begins."""
    checksum = tus_headers.checksum(request.headers)
    marks = tus_headers.marks(request.headers)
    with _turn(upload) as turn:
        upload.refresh_from_db()
        _require_standing(upload)
        if upload.offset != offset:
            raise tus_errors.offset_mismatch(upload.offset)
        _learn_size(upload, request)
        limit = _require_room(upload, tus_headers.number(request.headers, "Content-Length") or 0)
        _stop_waiting_when_over(request, turn)
        try:
            receiving.receive(upload, request, limit=limit, turn=turn, checksum=checksum)
        except storage_errors.Lost:
            raise _gone(upload) from None
        except storage_errors.NoSpace:
            raise tus_errors.no_space(upload.offset) from None
        except receiving.TooManyBytes:
            raise tus_errors.too_many_bytes(upload.offset) from None
        except receiving.ChecksumMismatch:
            raise tus_errors.checksum_mismatch(upload.offset) from None
        except quota.Exceeded as full:
            raise tus_errors.over_quota(str(full), upload.offset) from None
        try:
            pipeline.settle(upload, marks)
        except pipeline.Removed:
            raise _gone(upload) from None
        except quota.Exceeded as full:
            upload.refresh_from_db(fields=["offset", "size"])
            receiving.cut_back(upload)
            raise tus_errors.over_quota(str(full), upload.offset) from None


def _stop_waiting_when_over(request: Request, turn: upload_turns.Turn) -> None:
    """Let a newer request take over also while this one's client sends nothing."""

    def give_way() -> None:
        if turn.is_over():
            raise OSError("A newer request writes to this upload.")

    body = getattr(request._request, "scope", {}).get(streaming.SCOPE_KEY)
    if isinstance(body, streaming.StreamedBody):
        body.on_idle = give_way


def _learn_size(upload: Upload, request: Request) -> None:
    """A deferred length comes with any later request, at the latest with the last one; it never changes again."""
    size = tus_headers.number(request.headers, "Upload-Length")
    if size is None or size == upload.size:
        return
    if upload.size is not None or size < upload.offset:
        raise tus_errors.invalid_header(_("Upload-Length cannot change, nor be less than what has come."))
    if size > settings.MAX_UPLOAD_BYTES:
        raise tus_errors.too_large(settings.MAX_UPLOAD_BYTES)
    upload.size = size


def _require_room(upload: Upload, coming: int) -> int:
    """Return how many bytes the upload may hold; refuse before reading what would not fit."""
    limit = settings.MAX_UPLOAD_BYTES if upload.size is None else upload.size
    if upload.offset + coming > limit:
        raise tus_errors.too_large(limit) if upload.size is None else tus_errors.too_many_bytes(upload.offset)
    if upload.size is None and coming:
        with _quota_refused(upload.offset):
            quota.require(upload.company, coming)
    try:
        media_storage().require_space(coming)
    except storage_errors.NoSpace:
        raise tus_errors.no_space(upload.offset) from None
    return limit


def _with_state(response: Response, upload: Upload) -> Response:
    response["Upload-Offset"] = str(upload.offset)
    if upload.finished_at is None:
        response["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    if training := Training.objects.filter(upload=upload, deleted_at=None).only("id").first():
        response["Upload-Training"] = str(training.id)
    return response


@contextmanager
def _turn(upload: Upload) -> Iterator[upload_turns.Turn]:
    try:
        with upload_turns.take(upload.id) as turn:
            yield turn
    except (upload_turns.TurnRefused, Overtaken):
        raise tus_errors.busy() from None


@contextmanager
def _quota_refused(offset: int | None = None) -> Iterator[None]:
    try:
        yield
    except quota.Exceeded as full:
        raise tus_errors.over_quota(str(full), offset) from None


@contextmanager
def _space_refused() -> Iterator[None]:
    try:
        yield
    except storage_errors.NoSpace:
        raise tus_errors.no_space() from None
