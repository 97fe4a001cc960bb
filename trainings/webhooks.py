"""What Mux tells by itself. An event is only a reason to look: the job asks Mux how the asset is.

So an event that is late, repeated or out of order can say nothing wrong. Signature: mux.com/docs/core/
verify-webhook-signatures: HMAC-SHA256 of the time, a dot and the body.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
import time
import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from jobs import queue
from jobs.errors import NotAllowed
from jobs.models import BackgroundJob
from trainings.models import HostedVideo, WebhookEvent

TOLERANCE = 300
"""Seconds an event may be old, or ahead of our clock."""
KEPT = datetime.timedelta(days=2)
"""Mux repeats an event that nobody took for a day."""


@csrf_exempt
@require_POST
def mux(request: HttpRequest) -> HttpResponse:
    """Take an event of Mux: 200 for a true one, known or not, so that Mux does not repeat it for a day."""
    if not settings.MUX_WEBHOOK_SECRET:
        return _refusal(503, "not_configured", "No MUX_WEBHOOK_SECRET is set.")
    if not signed(request.body, request.headers.get("Mux-Signature", "")):
        return _refusal(401, "bad_signature", "The signature is wrong or too old.")
    try:
        event = json.loads(request.body)
        name, data = _storable(event["id"])[:100], event["data"]
        _storable(data.get("id"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _refusal(400, "bad_event", "This is no event of Mux.")
    with transaction.atomic():
        _, is_new = WebhookEvent.objects.get_or_create(id=name)
        if is_new:
            _hasten(event.get("type"), data)
    return JsonResponse({"received": True})


def forget_old() -> int:
    """Delete the events that nobody repeats any more; return how many."""
    return WebhookEvent.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


def signed(body: bytes, header: str) -> bool:
    """Whether Mux signed this body in the last minutes."""
    parts = [part.partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name.strip() == "t"]
    signatures = [value.strip() for name, _, value in parts if name.strip() == "v1"]
    if len(times) != 1 or not times[0].isascii() or not times[0].isdigit():
        return False
    payload = times[0].encode() + b"." + body
    expected = hmac.new(settings.MUX_WEBHOOK_SECRET.encode(), payload, hashlib.sha256).hexdigest()
    true = any(hmac.compare_digest(expected.encode(), signature.encode()) for signature in signatures)
    return true and abs(time.time() - int(times[0])) <= TOLERANCE


def _storable(value: object) -> str:
    """Return a name as text. Raises ValueError when no row could have it: the character 0, or half of a character."""
    text = str(value or "")
    if "\0" in text:
        raise ValueError
    text.encode()
    return text


def _hasten(kind: object, data: dict[str, Any]) -> None:
    """Let the job look now that waits for this upload or asset."""
    row = _row(str(kind), data)
    if row is None:
        return
    jobs = BackgroundJob.objects.filter(
        training_id=row.training_id, job_type="mux_upload", status=BackgroundJob.Status.PENDING
    )
    for job in jobs:
        try:
            queue.retry(job.pk)
        except NotAllowed:
            continue  # it runs already


def _row(kind: str, data: dict[str, Any]) -> HostedVideo | None:
    name = str(data.get("id") or "")
    if not name:
        return None
    if kind.startswith("video.upload."):
        return HostedVideo.objects.filter(upload_id=name).first()
    training_id = _uuid(data.get("passthrough"))
    found = HostedVideo.objects.filter(asset_id=name).first()
    return found or (HostedVideo.objects.filter(training_id=training_id).first() if training_id else None)


def _uuid(value: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None


def _refusal(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"error": {"code": code, "message": message}}, status=status)
