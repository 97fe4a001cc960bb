"""Celery on Redis: not in the caller's transaction, its last second not durable, a taken task lost with its worker."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import redis

from bench.peers import peer, redis_

NAME = "Celery on Redis"


class CeleryOnRedis:
    """Its prefork pool, defaults otherwise."""

    def __init__(self) -> None:
        from bench.peers.celery_app import noop

        self._noop = noop
        self._asked = 0
        self._results = redis.Redis.from_url(f"{os.environ['BENCH_REDIS']}/1")

    def workers(self, number: int) -> AbstractContextManager[None]:
        """Run its worker command."""
        command = ["celery", "-A", "bench.peers.celery_app", "worker", "--pool=prefork", f"--concurrency={number}"]
        return peer.running(command)

    def enqueue(self, ring: bool) -> None:
        """Ask by `delay`."""
        self._asked += 1
        self._noop.delay(ring)

    def left(self) -> int:
        """Count what has no result yet."""
        return self._asked - int(self._results.dbsize())


@contextmanager
def opened() -> Iterator[CeleryOnRedis]:
    """Start a Redis of its own."""
    with redis_.server() as address:
        os.environ["BENCH_REDIS"] = address
        yield CeleryOnRedis()
