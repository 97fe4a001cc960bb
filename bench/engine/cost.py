"""What one job of ours costs: statements, write-ahead log, and the time of a claim."""

from __future__ import annotations

import statistics
import time
import uuid
from typing import Any

from bench.peers.ours import Ours

JOBS = 300


def measure(ours: Ours) -> dict[str, float]:
    """Count over enqueue, claim, one progress report and completion, in this process.

    Milliseconds of the claim are the median's. What a page's first touch after a checkpoint writes is left out as far
    as a first round can.
    """
    from django.db import connection

    from jobs import prepared

    prepared.prefer()  # as resident workers do
    for _ in range(JOBS):
        ours.enqueue(ring=False)
    _run_all()
    statements = 0

    def count(execute: Any, *given: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*given)

    before = _written()
    with connection.execute_wrapper(count):
        for _ in range(JOBS):
            ours.enqueue(ring=False)
        claims = _run_all()
    return {
        "statements_per_job": round(statements / JOBS, 1),
        "wal_bytes_per_job": round((_written() - before) / JOBS),
        "claim_ms": round(1000 * statistics.median(claims), 3),
    }


def _run_all() -> list[float]:
    """Run what is due as a worker does; return the seconds that each claim took."""
    from jobs import claim, runner
    from jobs.attempt import Attempt

    worker = uuid.uuid4()
    seconds: list[float] = []
    while True:
        before = time.perf_counter()
        claimed = claim.take(worker, "bench", claim.Wanted())
        if not isinstance(claimed, claim.Claimed):
            return seconds
        seconds.append(time.perf_counter() - before)
        runner.run(Attempt(claimed.job, claimed.lease))


def _written() -> int:
    """Return the bytes of WAL of this connection alone; others may use the server too."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT wal_bytes FROM pg_stat_get_backend_wal(pg_backend_pid())")
        return int(cursor.fetchone()[0])
