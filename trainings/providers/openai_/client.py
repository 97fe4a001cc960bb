"""The official client, and what every answer is checked for."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from openai import OpenAI
from openai._legacy_response import LegacyAPIResponse

from trainings.paid.ledger import Usage
from trainings.providers.openai_ import allowance, errors
from trainings.providers.openai_.booking import Reply


def client() -> OpenAI:
    """Return a client that never retries by itself: waiting is a state of the job, not of a worker."""
    return OpenAI(
        api_key=settings.OPENAI_API_KEY or "none",
        base_url=settings.OPENAI_BASE_URL,
        timeout=settings.OPENAI_TIMEOUT,
        max_retries=0,
    )


def body_of(raw: LegacyAPIResponse[Any]) -> dict[str, Any]:
    """Return the JSON object of an answer. Raises `TemporaryError`."""
    content = raw.http_response.content
    try:
        body = loads(content)
    except ValueError as error:
        raise errors.strange(f"not JSON: {content[:200]!r}") from error
    if not isinstance(body, dict):
        raise errors.strange(f"not a JSON object: {content[:200]!r}")
    return body


def reply(raw: LegacyAPIResponse[Any], answer: Any, usage: Usage) -> Reply:
    """Return an answer with what its headers say: the service's name for the call, and what it has left for us."""
    return Reply(answer, usage, str(raw.headers.get("x-request-id") or ""), allowance.rest_until(raw.headers))


def loads(text: str | bytes) -> Any:
    """Read JSON without the numbers that it does not have. Raises `ValueError`."""

    def refuse(name: str) -> None:
        raise ValueError(f"{name} is no JSON")

    return json.loads(text, parse_constant=refuse)


def number(value: object) -> float:
    """Return a number of an answer that must be one, 0 when it is missing. Raises `TemporaryError`."""
    if value is None:
        return 0.0
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise errors.strange(f"not a number: {value!r}")
    return float(value)
