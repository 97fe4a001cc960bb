"""What the service still has for us, by the headers of its answers.

developers.openai.com/api/docs/guides/rate-limits, "Rate limits in headers": `x-ratelimit-remaining-requests` and
`-tokens` count down, `x-ratelimit-reset-requests` and `-tokens` say when they are full again: "20ms", "1s", "6m0s".
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

from django.utils import timezone

COUNTED = ("requests", "tokens")
SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
LONGEST_WAIT = 24 * 3600.0
"""Seconds; the most we believe."""
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhd])")


def rest_until(headers: Mapping[str, str]) -> datetime.datetime | None:
    """Return when there is something left for us again; None when there is now, or nothing is said."""
    waits = [
        seconds
        for what in COUNTED
        if headers.get(f"x-ratelimit-remaining-{what}", "").strip() == "0"
        and (seconds := _seconds(headers.get(f"x-ratelimit-reset-{what}", "")))
    ]
    return timezone.now() + datetime.timedelta(seconds=min(max(waits), LONGEST_WAIT)) if waits else None


def _seconds(text: str) -> float:
    """Read "1m30.5s"; 0 for anything else."""
    text = text.strip()
    parts = _PART.findall(text)
    if "".join(number + unit for number, unit in parts) != text:
        return 0.0
    return sum(float(number) * SECONDS[unit] for number, unit in parts)
