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

    Milliseconds of a claim are the median's; of one that finds nothing only where nothing else is due. What a page's
    first touch after a checkpoint writes is left out as far as a first round can.
    """
    from django.db import connection

    from jobs import prepared

    prepared.prefer()  # as resident workers do
    for _ in range(JOBS):
        ours.enqueue(ring=False)
    _run()
    statements = 0

    def count(execute: Any, *given: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*given)

    before = _written()
    with connection.execute_wrapper(count):
        for _ in range(JOBS):
            ours.enqueue(ring=False)
        claims = _run()
    empty = _find_nothing()
    return {
        "statements_per_job": round(statements / JOBS, 1),
        "wal_bytes_per_job": round((_written() - before) / JOBS),
        "claim_ms": _milliseconds(claims),
        **({"empty_claim_ms": _milliseconds(empty)} if empty else {}),
    }


def _milliseconds(seconds: list[float]) -> float:
    return round(1000 * statistics.median(seconds), 3)


def _run() -> list[float]:
    """Run as many as were asked for, as a worker does; return the seconds that each claim took."""
    from jobs import claim, runner
    from jobs.attempt import Attempt

    worker = served = uuid.uuid4()
    seconds: list[float] = []
    for _ in range(JOBS):
        before = time.perf_counter()
        claimed = claim.take(worker, "bench", claim.Wanted(), after=served)
        seconds.append(time.perf_counter() - before)
        if not isinstance(claimed, claim.Claimed):
            raise RuntimeError("nothing to claim")
        served = claimed.job.company_id
        runner.run(Attempt(claimed.job, claimed.lease))
    return seconds


def _find_nothing() -> list[float]:
    """Return the seconds of claims that find nothing; of none while something is due."""
    from django.utils import timezone

    from jobs import claim
    from jobs.models import JobQueue

    seconds: list[float] = []
    while len(seconds) < JOBS and not JobQueue.objects.filter(run_at__lte=timezone.now()).exists():
        before = time.perf_counter()
        claim.take(uuid.uuid4(), "bench", claim.Wanted())
        seconds.append(time.perf_counter() - before)
    return seconds


def _written() -> int:
    """Return the bytes of WAL of this connection alone; others may use the server too."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT wal_bytes FROM pg_stat_get_backend_wal(pg_backend_pid())")
        return int(cursor.fetchone()[0])
