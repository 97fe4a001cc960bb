"""What Mux refuses or fails with, in our words. Codes: mux.com/docs/core/make-api-requests."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping

from django.conf import settings
from django.utils import timezone

from jobs.errors import JobError, PermanentError, TemporaryError
from trainings.paid import breaker

SERVICE = "mux"
DEFAULT_WAIT = 20.0
LONGEST_WAIT = 24 * 3600.0
"""Seconds to wait after "too many requests" without a time, and the most we believe."""
TOKENS_PAGE = "https://dashboard.mux.com/settings/access-tokens"


def refused(status: int, headers: Mapping[str, str], body: bytes | str | None) -> JobError:
    """Return the error for a status that is no success. Raises `WaitUntil` while nobody may call."""
    detail = redact(f"{status} {_messages(body)}")
    if status in (401, 403):
        return PermanentError(
            "key_refused",
            "The access token for Mux was refused. Whoever runs this installation must set a valid MUX_TOKEN_ID and "
            f"MUX_TOKEN_SECRET ({TOKENS_PAGE}); then retry.",
            detail,
        )
    if status == 429:
        raise breaker.hold(SERVICE, _named_time(headers), "rate_limited")
    if status == 408 or status >= 500:
        return out_of_order(detail)
    return PermanentError(
        "request_refused",
        "Mux refused the video. Whoever runs this installation can see why in the details of this job.",
        detail,
    )


def out_of_order(detail: str) -> TemporaryError:
    """Return the error for a service that does not work. Raises `WaitUntil` when it fails again and again."""
    breaker.failed(SERVICE, "service_down")
    return TemporaryError("service_down", "Mux is out of order. It is tried again by itself.", redact(detail))


def unfinished() -> TemporaryError:
    """Return the error for an upload that Mux neither cancels nor makes an asset of yet: it must not be forgotten."""
    return TemporaryError("video_preparing", "Mux is still taking this video. It is deleted as soon as that is done.")


def unreadable(messages: list[str]) -> PermanentError:
    """Return the error for a recording that Mux cannot make a video of."""
    return PermanentError(
        "video_refused",
        "Mux cannot make a video of this recording. Export it as MP4 (H.264) and upload that file.",
        redact("; ".join(messages)),
    )


def redact(text: str) -> str:
    """Return the text without secrets, and not longer than an operator reads."""
    for secret in (settings.MUX_TOKEN_SECRET, settings.MUX_PRIVATE_KEY, settings.MUX_WEBHOOK_SECRET):
        if secret:
            text = text.replace(secret, "[key]")
    return text[:500]


def _messages(body: bytes | str | None) -> str:
    """Return Mux's own words: `{"error": {"type": ..., "messages": [...]}}`."""
    try:
        error = json.loads(body or "")["error"]
        return f"{error.get('type', '')}: {'; '.join(map(str, error.get('messages', [])))}"
    except (ValueError, TypeError, KeyError, AttributeError):
        return str(body)[:200]


def _named_time(headers: Mapping[str, str]) -> datetime.datetime:
    try:
        seconds = float(headers.get("Retry-After") or DEFAULT_WAIT)
    except ValueError:
        seconds = DEFAULT_WAIT
    return timezone.now() + datetime.timedelta(seconds=min(max(seconds, 1.0), LONGEST_WAIT))
