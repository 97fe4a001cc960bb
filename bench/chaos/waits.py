"""How long jobs were without anybody."""

from __future__ import annotations

from collections.abc import Iterator

from bench.chaos.index import Index
from bench.chaos.spans import Span


def unowned(index: Index) -> Iterator[float]:
    """Yield for each job that lost its worker how long it was until the next claim, whatever was wrong."""
    for fault in index.faults:
        for job, token in fault.held:
            if let_go(index, job, token) and (claim := index.next_claim(job, fault.began)):
                yield float(claim["t"]) - fault.began


def let_go(index: Index, job: str, token: str) -> float | None:
    """Return when the lease was taken from a dead worker; None when the job had ended before."""
    for row in index.rows[job]:
        if row["what"] == "queue" and row["was"] == token and row["op"] == "update" and row["token"] is None:
            return float(row["t"])
    return None


def waits(index: Index) -> Iterator[Span]:
    """Yield every time in which a job was due and nobody's, from its first moment to its end or to a claim."""
    for rows in index.rows.values():
        since: float | None = None
        for row in (row for row in rows if row["what"] == "queue"):
            if since is not None and since < row["t"]:
                yield since, float(row["t"])
            waits_on = row["op"] != "delete" and not row["token"] and row["run_at"] is not None
            since = max(float(row["t"]), float(row["run_at"])) if waits_on else None
