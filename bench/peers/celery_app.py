"""Celery's application, as its first steps make one: Redis carries the tasks and keeps the results."""

from __future__ import annotations

import os

from celery import Celery

from bench.peers import bell

_redis = os.environ.get("BENCH_REDIS", "redis://127.0.0.1:6379")
app = Celery("bench", broker=f"{_redis}/0", backend=f"{_redis}/1")


def _noop(ring: bool) -> None:
    """Do nothing."""
    if ring:
        bell.ring()


noop = app.task(name="noop")(_noop)
