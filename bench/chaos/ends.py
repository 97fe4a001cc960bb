"""How jobs ended: invariant 1, and the cancels of 5."""

from __future__ import annotations

from collections.abc import Iterator

from bench.chaos.history import Event
from bench.chaos.index import FINAL, Index
from bench.chaos.lives import Broken, updates


def lost(index: Index) -> Iterator[Broken]:
    """1: every acknowledged job ended, and as it should have.

    A cancel may have been committed though its answer was lost: such a job may be cancelled, or not.
    """
    final, cancelled, asked = (index.by_job(kind) for kind in ("job", "cancel_acked", "cancel_asked"))
    for job, acked in index.by_job("acked").items():
        end = final.get(job)
        if end is None:
            yield Broken(1, job, "it is gone")
        elif end["status"] not in FINAL:
            yield Broken(1, job, f"it is {end['status']} although there was time to end it")
        elif job in cancelled:
            if end["status"] != "cancelled":
                yield Broken(5, job, f"its cancel was lost: it is {end['status']}")
        elif not (job in asked and end["status"] == "cancelled") and not _as_it_should(acked, end, index.rows[job]):
            yield Broken(1, job, f"{acked['job_kind']} ended {end['status']} ({end['code']})")


def _as_it_should(acked: Event, end: Event, rows: list[Event]) -> bool:
    died = sum(row["what"] == "queue" and row.get("deaths", 0) == row.get("deaths_was", 0) + 1 for row in updates(rows))
    if end["code"] == "worker_died":  # the last death deletes the row instead of counting in it
        return bool(end["status"] == "failed" and died == 1)
    wanted = {"failing": ("bad_file",), "poison": ("worker_died",), "odd": ("bad_output",)}.get(acked["job_kind"])
    if wanted:
        return end["status"] == "failed" and end["code"] in wanted
    used_up = end["status"] == "failed" and end["retries"] == end["max_retries"]
    return end["status"] == "completed" or used_up or end["code"] in ("dependency_failed",)


def deaths(index: Index) -> Iterator[Broken]:
    """1: no worker dies that nothing has hurt: a job would be failed for what the engine did."""
    began = {event["token"]: event for event in index.kind("began")}
    final, acked = index.by_job("job"), index.by_job("acked")
    for job, rows in index.rows.items():
        last = job in final and final[job]["code"] == "worker_died"
        for row in rows:
            gone = row["what"] == "queue" and row["was"] and not row["token"]
            died = gone and (last if row["op"] == "delete" else row["deaths"] > row["deaths_was"])
            first = began.get(row["was"]) if died else None
            if first and acked.get(job, {}).get("job_kind") != "poison" and not _hurt(index, first, float(row["t"])):
                yield Broken(1, job, f"the worker of {row['was']} died of nothing")


def _hurt(index: Index, began: Event, over: float) -> bool:
    """Whether a fault hit the host of an attempt, or the database, while it ran."""
    return any(
        fault.began < over and fault.over > began["t"] and (fault.host == began["host"] or not fault.host)
        for fault in index.faults
    )
