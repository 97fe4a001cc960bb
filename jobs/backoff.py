"""When a job that failed is tried again."""

from __future__ import annotations

import datetime
import random

from jobs.registry import Handler


def next_try(policy: Handler, retry_count: int, *, now: datetime.datetime) -> datetime.datetime:
    """Return the time of retry number `retry_count` + 1: doubling waits with jitter, so that a crowd spreads out."""
    wait = min(policy.backoff_limit, policy.backoff_base * 2**retry_count)
    return now + datetime.timedelta(seconds=wait * random.uniform(0.5, 1.0))  # noqa: S311
