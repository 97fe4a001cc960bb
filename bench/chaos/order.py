"""Who was taken before whom: invariant 6."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from bench.chaos.index import DATABASE_FAULTS, MARGIN_SECONDS, SETTLE_SECONDS, Index
from bench.chaos.lives import Broken


def out_of_order(index: Index) -> Iterator[Broken]:
    """6: no claim passes over a due job of higher priority that it could see.

    A job counts as seen only when its commit was acknowledged before the claim began and nobody touched it before
    the claim was done.
    """
    waiting = list(_waiting(index))
    unsure = [(fault.began - 1, fault.over + SETTLE_SECONDS) for fault in index.faults if fault.name in DATABASE_FAULTS]
    for job, claim in index.claims():
        if any(began < claim["t"] < over for began, over in unsure):
            continue
        for other, priority, since, until in waiting:
            if priority < claim["priority"] and since < claim["began"] and claim["t"] < until:
                yield Broken(6, job, f"priority {claim['priority']} was taken while {other} of {priority} waited")


def _waiting(index: Index) -> Iterator[tuple[str, int, float, float]]:
    """Yield job, priority, and the times between which it surely waited, due and locked by nobody."""
    awaited = {event["waits_for"] for event in index.kind("job")}
    acked = index.by_job("acked")
    cancels = index.by_job("cancel_asked")
    for job, rows in index.rows.items():
        if job in awaited or job not in acked:  # enqueueing behind it locks it
            continue
        places = [row for row in rows if row["what"] == "queue"]
        for row, following in pairwise(places):
            if row["token"] is None and row["run_at"] is not None and row["op"] != "delete":
                sure = float(acked[job]["t"]) if row["op"] == "insert" else float(row["t"]) + MARGIN_SECONDS
                cancel = float(cancels[job]["t"]) if job in cancels else float("inf")
                yield job, row["priority"], max(sure, float(row["run_at"])), min(float(following["began"]), cancel)
