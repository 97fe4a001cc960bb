"""Requests that may be sent twice: the header `Idempotency-Key` of draft-ietf-httpapi-idempotency-key-header-07.

The key belongs to the person who sends it. The note of it and the work are one transaction, so two requests at the
same moment do it once and get one answer. Only a success is kept: what was refused may be sent again under its key.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import OperationalError, connection, transaction
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from jobs import queries
from jobs.models import KeptAnswer

LENGTH = 255
_PATIENCE = "10s"
"""How long a request waits for one under the same key that is still being answered."""

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Makes sending this twice safe: within 24 hours the same request under the same key gets the same "
    "answer and nothing is done again; another request under it gets 422.",
)
Post = Callable[..., Response]


class BadKey(exceptions.APIException):
    """The key is no key."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "bad_idempotency_key"
    default_detail = f"An Idempotency-Key has 1 to {LENGTH} printable ASCII characters."


class OtherRequest(exceptions.APIException):
    """The key was used for something else."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"
    default_detail = "This Idempotency-Key was sent with another request before. Take a new one."


class StillAnswering(exceptions.APIException):
    """The first request under the key takes longer than the second may wait."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "still_answering"
    default_detail = "The request under this Idempotency-Key is still being answered. Send it again in a moment."


def once(post: Post) -> Post:
    """Let a view's method do its work once for each `Idempotency-Key`; without one it is called as it is."""

    @functools.wraps(post)
    def answer(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return post(view, request, *args, **kwargs)
        return _once(_checked(key), request, lambda: post(view, request, *args, **kwargs))

    return answer


def _checked(key: str) -> str:
    """Return the key without the quotes that the draft puts around it."""
    key = key.strip()
    if len(key) >= 2 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not 1 <= len(key) <= LENGTH or not key.isascii() or not key.isprintable():
        raise BadKey
    return key


def _once(key: str, request: Request, work: Callable[[], Response]) -> Response:
    mine: dict[str, Any] = {"user": request.user.pk, "key": key, "fingerprint": _fingerprint(request)}
    with transaction.atomic():
        if not _noted(mine):
            return _kept(mine)
        response = work()
        if response.status_code >= status.HTTP_400_BAD_REQUEST:
            transaction.set_rollback(True)
        else:
            body = json.loads(JSONRenderer().render(response.data)) if response.data is not None else None
            KeptAnswer.objects.filter(user_id=mine["user"], key=key).update(status=response.status_code, body=body)
    return response


def _noted(mine: dict[str, Any]) -> bool:
    """Whether this request is the first under its key."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_PATIENCE])
        noted = bool(queries.run("ask_once", mine))
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except OperationalError as error:
        raise StillAnswering from error
    return noted


def _kept(mine: dict[str, Any]) -> Response:
    answer = KeptAnswer.objects.get(user_id=mine["user"], key=mine["key"])
    if answer.fingerprint != mine["fingerprint"]:
        raise OtherRequest
    return Response(answer.body, status=answer.status)


def _fingerprint(request: Request) -> str:
    """Return what tells one request from another: its method, its path, its body byte for byte."""
    asked = f"{request.method} {request.path.rstrip('/')}\n".encode() + request.body
    return hashlib.sha256(asked).hexdigest()
