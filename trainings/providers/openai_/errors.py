"""What the service refuses or fails with, in our words. Codes: developers.openai.com/api/docs/guides/error-codes."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import openai
from django.conf import settings
from django.utils import timezone

from jobs.errors import JobError, PermanentError, TemporaryError
from trainings.providers.openai_ import allowance

KEYS_PAGE = "https://platform.openai.com/api-keys"
BILLING_PAGE = "https://platform.openai.com/settings/organization/billing"
USED_UP = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "credit_balance_exhausted"}
BUSY = "rate_limited"
SILENT = "service_silent"
STRANGE = "strange_answer"
MAY_BE_BILLED = (SILENT, STRANGE)
"""Codes of calls that the service took, whatever came of them."""
DEFAULT_WAIT = 20.0
"""Seconds to wait after "too many requests" without a time."""
DETAIL = 500
_KEY = re.compile(r"\b(sk|sess|pk)-[\w*.-]+")


@dataclass(frozen=True)
class Trouble:
    """What to raise, whether the call may have been billed, and until when everybody must wait."""

    error: JobError
    may_be_billed: bool = False
    wait_until: datetime.datetime | None = None


def translate(error: Exception, model: str) -> Trouble:
    """Return what a failed call means."""
    if isinstance(error, JobError):
        return Trouble(error, may_be_billed=True)
    if isinstance(error, openai.APIStatusError):
        return _refused(error, model)
    if isinstance(error, openai.APITimeoutError):
        return Trouble(silent(str(error)), may_be_billed=True)
    if isinstance(error, openai.APIConnectionError):
        return Trouble(_down("The service cannot be reached. It is tried again by itself.", _detail(error)))
    return Trouble(strange(f"{type(error).__name__}: {_detail(error)}"), may_be_billed=True)


def silent(detail: str) -> TemporaryError:
    """Return the error for a service that takes the call and does not answer."""
    return TemporaryError(SILENT, "The service did not answer in time. It is tried again by itself.", detail)


def strange(detail: str) -> TemporaryError:
    """Return the error for an answer that is not what the protocol says."""
    return TemporaryError(
        STRANGE, "The service gave an answer that makes no sense. It is tried again by itself.", redact(detail)
    )


def redact(text: str) -> str:
    """Return the text without keys, and not longer than an operator reads."""
    for secret in (settings.OPENAI_API_KEY, settings.MUX_TOKEN_SECRET, settings.MUX_PRIVATE_KEY):
        if secret:
            text = text.replace(secret, "[key]")
    return _KEY.sub("[key]", text)[:DETAIL]


def _refused(error: openai.APIStatusError, model: str) -> Trouble:
    status, detail = error.status_code, _detail(error)
    if status in (401, 403):
        return Trouble(
            PermanentError(
                "key_refused",
                "The key for OpenAI was refused. Whoever runs this installation must set a valid OPENAI_API_KEY "
                f"({KEYS_PAGE}); then retry.",
                detail,
            )
        )
    if error.code in USED_UP or error.type in USED_UP:
        return Trouble(
            PermanentError(
                "quota_used_up",
                "The account at OpenAI has no money left or reached its own limit. Whoever runs this installation must "
                f"raise it ({BILLING_PAGE}); then retry.",
                detail,
            )
        )
    if status == 429:
        busy = TemporaryError(BUSY, "The service asked us to send less. It is tried again by itself.", detail)
        return Trouble(busy, wait_until=_named_time(error) or _later(DEFAULT_WAIT))
    if status in (408, 409) or status >= 500:
        down = _down("The service is out of order. It is tried again by itself.", detail)
        return Trouble(down, wait_until=_named_time(error))
    if status == 404:
        return Trouble(
            PermanentError(
                "model_not_found",
                f"The service does not know the model {model}. Whoever runs this installation must set another one; "
                "then retry.",
                detail,
            )
        )
    return Trouble(
        PermanentError(
            "request_refused",
            f"The service refused what we sent for the model {model}. Whoever runs this installation can see why in "
            "the details of this job.",
            detail,
        )
    )


def _down(message: str, detail: str) -> TemporaryError:
    return TemporaryError("service_down", message, detail)


def _named_time(error: openai.APIStatusError) -> datetime.datetime | None:
    """Return when the service wants to be asked again (Retry-After, RFC 9110 section 10.2.3)."""
    headers = error.response.headers
    seconds = _seconds(headers.get("retry-after-ms", ""), 1000)
    if seconds is None:
        header = headers.get("retry-after", "")
        seconds = _seconds(header, 1)
        if seconds is None and header:
            seconds = _until(header)
    return allowance.rest_until(headers) if seconds is None else _later(seconds)


def _later(seconds: float) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(seconds=min(max(seconds, 0.1), allowance.LONGEST_WAIT))


def _seconds(text: str, divisor: int) -> float | None:
    try:
        return float(text) / divisor
    except ValueError:
        return None


def _until(date: str) -> float | None:
    try:
        return (parsedate_to_datetime(date) - timezone.now()).total_seconds()
    except (TypeError, ValueError):
        return None


def _detail(error: Exception) -> str:
    status = f"{error.status_code} " if isinstance(error, openai.APIStatusError) else ""
    return redact(f"{status}{error}")
