"""50 jobs that report, at a steady rate, and then end. Each statement commits by itself."""

from __future__ import annotations

import itertools
import time
import uuid

import psycopg

REPORT = "UPDATE background_jobs SET progress_percentage = %s, progress_message = %s WHERE id = %s RETURNING version"
END = (
    "UPDATE background_jobs SET status = 'completed', progress_percentage = 100, completed_at = now()"
    " WHERE id = %s RETURNING version"
)
Sent = dict[tuple[str, int], float]
"""When the statement that made this version of a job was sent."""


def report(url: str, jobs: list[uuid.UUID], *, per_second: float, seconds: float) -> tuple[Sent, dict[str, int]]:
    """Report for so long, all jobs in turn, `per_second` reports in all; return what was sent, and each job's final
    version."""
    sent: Sent = {}
    with psycopg.connect(url, autocommit=True) as connection:
        began = time.monotonic()
        for number, job in zip(range(int(per_second * seconds)), itertools.cycle(jobs), strict=False):
            time.sleep(max(0.0, began + number / per_second - time.monotonic()))
            percent = min(99, int(100 * number / (per_second * seconds)))
            _run(connection, REPORT, (percent, f"{number} of many", job), job, sent)
        final = {str(job): _run(connection, END, (job,), job, sent) for job in jobs}
    return sent, final


def _run(
    connection: psycopg.Connection[tuple[int]],
    statement: str,
    values: tuple[object, ...],
    job: uuid.UUID,
    sent: Sent,
) -> int:
    before = time.monotonic()
    row = connection.execute(statement.encode(), values).fetchone()
    assert row is not None
    sent[(str(job), row[0])] = before
    return row[0]
