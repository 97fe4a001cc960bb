"""Do the engine's nine invariants hold? Pure functions over a history; they need no clock and no database."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from bench.chaos.history import Event
from bench.chaos.index import DATABASE_FAULTS, FINAL, Index
from bench.chaos.lives import Broken, Life

PAGE_SECONDS = 2.0
MARGIN_SECONDS = 1.0
"""A row that a trigger logged is visible to others only after its commit: it is by then."""
DEATHS = 2


def broken(index: Index) -> list[Broken]:
    """Return every promise that was not kept."""
    checks = (lost, deaths, lives, paid_twice, attempts, after_cancel, out_of_order, pages, left_behind)
    return [one for check in checks for one in check(index)]


def lost(index: Index) -> Iterator[Broken]:
    """1: every acknowledged job ended, and as it should have."""
    final, cancelled = index.by_job("job"), index.by_job("cancel_acked")
    for job, acked in index.by_job("acked").items():
        end = final.get(job)
        if end is None:
            yield Broken(1, job, "it is gone")
        elif end["status"] not in FINAL:
            yield Broken(1, job, f"it is {end['status']} although there was time to end it")
        elif job in cancelled:
            if end["status"] != "cancelled":
                yield Broken(5, job, f"its cancel was lost: it is {end['status']}")
        elif not _as_it_should(acked, end, index.rows[job]):
            yield Broken(1, job, f"{acked['job_kind']} ended {end['status']} ({end['code']})")


def _as_it_should(acked: Event, end: Event, rows: list[Event]) -> bool:
    died = sum(
        row["what"] == "queue" and row.get("deaths", 0) == row.get("deaths_was", 0) + 1 for row in _updates(rows)
    )
    if end["code"] == "worker_died":  # the last death deletes the row instead of counting in it
        return bool(end["status"] == "failed" and died == DEATHS - 1)
    wanted = {"failing": ("bad_file",), "poison": ("worker_died",), "odd": ("bad_output",)}.get(acked["job_kind"])
    if wanted:
        return end["status"] == "failed" and end["code"] in wanted
    used_up = end["status"] == "failed" and end["retries"] == end["max_retries"]
    return end["status"] == "completed" or used_up or end["code"] in ("dependency_failed",)


def _updates(rows: list[Event]) -> Iterator[Event]:
    return (row for row in rows if row["what"] == "queue" and row["op"] == "update")


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


def lives(index: Index) -> Iterator[Broken]:
    """2, 3, 4, 7: what the database accepted of each job."""
    for job, rows in index.rows.items():
        yield from Life(job, index.tokens).go_through(rows)


def paid_twice(index: Index) -> Iterator[Broken]:
    """3: a call is repeated only when a crash cut the attempt that had made it before it was stored."""
    stored = {(row["job"], row["name"]): float(row["t"]) for row in index.kind("row") if row["what"] == "step"}
    stored_by = {(event["token"], event["step"]) for event in index.kind("step_done")}
    asked = {(event["token"], event["step"]): float(event["t"]) for event in index.kind("step_asked")}
    for (job, step), calls in payments(index).items():
        for before, again in pairwise(calls):
            began = asked.get((again["token"], step), float("-inf"))
            if again["token"] == before["token"]:
                yield Broken(3, job, f"{step} was paid twice by one attempt")
            elif (before["token"], step) in stored_by or stored.get((job, step), float("inf")) + MARGIN_SECONDS < began:
                yield Broken(3, job, f"{step} was paid again although it was stored")


def payments(index: Index) -> dict[tuple[str, str], list[Event]]:
    """Return the calls for each job and step, by time."""
    found: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in index.kind("paid"):
        found[event["job"], event["step"]].append(event)
    return found


def attempts(index: Index) -> Iterator[Broken]:
    """4: never beyond the maximum, and a graceful stop uses none."""
    for job, end in index.by_job("job").items():
        most = max((row["attempt"] or 0 for row in _updates(index.rows[job])), default=0)
        if end["retries"] > end["max_retries"] or most > end["max_retries"] + DEATHS + 1:
            yield Broken(4, job, f"attempt {most}, retry {end['retries']} of {end['max_retries']}")
    for fault in index.faults:
        if fault.name == "stop host" and index.is_calm(fault.began, fault.over, fault.host, but=fault):
            for job, token in fault.held:
                for row in _updates(index.rows[job]):
                    if row["was"] == token and row["token"] is None and row["attempt"] != row["attempt_was"] - 1:
                        yield Broken(4, job, "a graceful stop used up an attempt")


def after_cancel(index: Index) -> Iterator[Broken]:
    """5: no step that was asked for after the commit of a cancel begins."""
    cancelled = {job: float(event["t"]) for job, event in index.by_job("cancel_acked").items()}
    asked = {(event["token"], event["step"]): float(event["t"]) for event in index.kind("step_asked")}
    for event in index.kind("step_began"):
        if asked[event["token"], event["step"]] > cancelled.get(event["job"], float("inf")):
            yield Broken(5, event["job"], f"{event['step']} began after the cancel")


def out_of_order(index: Index) -> Iterator[Broken]:
    """6: no claim passes over a due job of higher priority that it could see.

    A job counts as seen only when its commit was acknowledged before the claim began and nobody touched it before
    the claim was done.
    """
    waiting = list(_waiting(index))
    unsure = [
        (fault.began - 1, fault.over + MARGIN_SECONDS * 3) for fault in index.faults if fault.name in DATABASE_FAULTS
    ]
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


def pages(index: Index) -> Iterator[Broken]:
    """8: an open page of the company hears of every change in time, a page of another company of none."""
    seen: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for event in index.kind("page"):
        if event["page"] == "outside":
            yield Broken(8, event["job"], "a page of another company was told")
        else:
            seen[event["job"]].append((float(event["t"]), event["version"]))
    for job, rows in index.rows.items():
        for row in rows:
            at = float(row["t"])
            if row["what"] == "job" and _watched(index, at, at + PAGE_SECONDS):
                first = bisect_left(seen[job], (at - PAGE_SECONDS, 0))
                if not any(version >= row["version"] and t <= at + PAGE_SECONDS for t, version in seen[job][first:]):
                    yield Broken(8, job, f"version {row['version']} ({row['status']}) did not reach the page in time")


def _watched(index: Index, began: float, over: float) -> bool:
    """Whether the page was open all the time, and the database and the wire were well."""
    opened = [float(event["t"]) for event in index.kind("page_open") if event["page"] == "inside"]
    closed = [float(event["t"]) for event in index.kind("page_closed") if event["page"] == "inside"]
    last = max((t for t in opened if t < began), default=None)
    if last is None or any(last < t < over for t in closed):
        return False
    return not any(
        fault.began < over and began < fault.over + MARGIN_SECONDS
        for fault in index.faults
        if fault.name in (*DATABASE_FAULTS, "no notification")
    )


def left_behind(index: Index) -> Iterator[Broken]:
    """9: when all is done there is no lease, no process and no file."""
    for event in index.kind("left"):
        for item in event["items"]:
            yield Broken(9, "", f"left behind: {item}")
    for event in index.kind("job"):
        if event["token"]:
            yield Broken(9, event["job"], "still leased")
