"""The captions at an address that a video host can fetch: signed, good for ten minutes."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from trainings import exports, media_links
from trainings.models import Training, Transcript


def address(training: Training) -> str:
    """Return the address; whoever has it reads the captions of this training."""
    return settings.PUBLIC_URL + reverse("captions", args=[training.pk, media_links.sign(training)])


def is_reachable() -> bool:
    """Say whether a service elsewhere can fetch from this installation, as far as `PUBLIC_URL` tells."""
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".localhost", ".internal"))


@require_safe
def captions(request: HttpRequest, training_id: UUID, key: str) -> HttpResponse:
    """Send the captions as WebVTT. What was not signed for is not found."""
    transcript = Transcript.objects.filter(training=training_id, training__deleted_at=None).first()
    if transcript is None or not media_links.opens(key, training_id):
        raise Http404
    return HttpResponse(exports.vtt(transcript.segments.all()), content_type="text/vtt; charset=utf-8")
