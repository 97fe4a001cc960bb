"""The numbers of a campaign: pure functions over its history. Times are seconds."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator
from typing import Any

from bench.chaos.crew import Crew
from bench.chaos.index import Fault, Index
from bench.chaos.lives import Broken
from bench.chaos.page_news import watched
from bench.chaos.payments import payments
from bench.chaos.waits import let_go, unowned, waits

HOST_FAULTS = ("lose host", "freeze host", "freeze worker", "cut off")
NOTICED_SECONDS = 1.0
"""A death has to be noticed by then: what happens to the host later is no excuse."""
CLUSTER_FAULTS = ("kill sentinel", "kill main process", "kill supervisor", "freeze sentinel", "freeze main process")


def figures(index: Index, broken: list[Broken]) -> dict[str, Any]:
    """Return counts, and each latency as p50, p95, p99, max and how many there were."""
    calls, crew = payments(index), Crew(index)
    kills = [fault for fault in index.faults if fault.name.startswith("kill") or fault.name == "lose host"]
    deaths = [event for event in index.kind("began") if event["job"] in _poisons(index)]
    return {
        "jobs": len(index.kind("acked")),
        "faults": len(index.faults),
        "kills": len(kills) + len(deaths),
        "commits unheard": len(index.kind("lost_commit")),
        "lost": sum(one.invariant == 1 for one in broken),
        "double effects": sum(one.invariant == 3 and "paid" not in one.what for one in broken),
        "paid twice": sum(one.invariant == 3 and "paid" in one.what for one in broken),
        "calls cut by a crash": sum(len(one) - 1 for one in calls.values()),
        "other promises broken": sum(one.invariant not in (1, 3) for one in broken),
        "longest unowned": round(max(unowned(index), default=0.0), 2),
        "longest beside an idle worker": round(max((crew.idle(*span) for span in waits(index)), default=0.0), 2),
        **{name: spread(values) for name, values in latencies(index, crew).items()},
    }


def latencies(index: Index, crew: Crew) -> dict[str, list[float]]:
    """Return every measured time by what it measures; only where nothing else was wrong at the same place."""
    dead = list(_after(index, ("kill worker", "kill idle worker")))
    away = list(_after(index, HOST_FAULTS, beside=(*CLUSTER_FAULTS, "stop host")))
    return {
        "worker's death noticed": [put_back - died for died, put_back, _ in dead],
        "its job runs again": [put_back - died + crew.idle(put_back, claim) for died, put_back, claim in dead],
        "with its turn in line": [claim - died for died, _, claim in dead],
        "lost host noticed": [put_back - died for died, put_back, _ in away],
        "cluster replaced": [fault.over - fault.began for fault in _calm(index, CLUSTER_FAULTS)],
        "stopped": list(_stops(index)),
        "others' delay beside poison": list(_beside_poison(index)),
        "cancel to row": list(_cancelled_rows(index)),
        "cancel to page": list(_cancelled_pages(index)),
        "cancel to children gone": _gone(index, "children"),
        "cancel to stubborn worker gone": _gone(index, "worker"),
    }


def spread(values: list[float]) -> dict[str, float]:
    """Return percentiles of some times, rounded to milliseconds."""
    if not values:
        return {"n": 0}
    cuts = statistics.quantiles(values, n=100, method="inclusive") if len(values) > 1 else values * 99
    named = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": max(values)}
    return {"n": len(values), **{name: round(value, 3) for name, value in named.items()}}


def _calm(index: Index, names: Iterable[str]) -> list[Fault]:
    """Return the faults of these names that hit a host which had no other at the time."""
    found = [fault for fault in index.faults if fault.name in names and fault.over != float("inf")]
    return [fault for fault in found if index.is_calm(fault.began, fault.over, fault.host, but=fault)]


def _after(index: Index, names: Iterable[str], beside: Iterable[str] = ()) -> Iterator[tuple[float, float, float]]:
    """Yield when a worker died, when its job was put back, and when it was claimed again.

    Not while a fault named by `beside` was on another host: there must be somebody to notice.
    """
    busy = [fault for fault in index.faults if fault.name in beside]
    for fault in _calm(index, names):
        if any(other.began < fault.over and fault.began < other.over for other in busy):
            continue
        for job, token in fault.held:
            put_back, claim = let_go(index, job, token), index.next_claim(job, fault.began)
            if not put_back or not claim:
                continue
            if index.is_calm(fault.began, min(put_back, fault.began + NOTICED_SECONDS), fault.host, but=fault):
                yield fault.began, put_back, float(claim["t"])


def _stops(index: Index) -> Iterator[float]:
    for fault in _calm(index, ("stop host",)):
        for event in index.kind("exited"):
            if event["host"] == fault.host and fault.began < event["t"]:
                yield float(event["t"]) - fault.began
                break


def _poisons(index: Index) -> set[str]:
    return {event["job"] for event in index.kind("acked") if event["job_kind"] == "poison"}


def _beside_poison(index: Index) -> Iterator[float]:
    """Yield how long jobs waited that were enqueued ahead of the rest while a poisonous one ran."""
    for fault in _calm(index, ("poison",)):
        for event in index.kind("acked"):
            if fault.began < event["t"] < fault.over and event["priority"] == 2:
                claim = index.next_claim(event["job"], 0.0)
                if claim:
                    yield float(claim["t"]) - float(event["t"])


def _cancelled_rows(index: Index) -> Iterator[float]:
    asked = index.by_job("cancel_asked")
    for job, event in index.by_job("cancel_acked").items():
        if index.is_calm(asked[job]["t"], event["t"], host="-"):
            yield float(event["t"]) - float(asked[job]["t"])


def _cancelled_pages(index: Index) -> Iterator[float]:
    """Yield the time to the page, when it was open and web and database were well."""
    told: dict[tuple[str, str], float] = {}
    for event in index.kind("page"):
        if event["page"] == "inside" and event["status"] == "cancelled":
            told.setdefault((event["job"], event["host"]), float(event["t"]))
    asked, acked = index.by_job("cancel_asked"), index.by_job("cancel_acked")
    for (job, host), heard in told.items():
        if job not in asked or job not in acked:
            continue
        since = float(asked[job]["t"])
        if watched(index, host, since, heard) and index.is_calm(since, heard, host=host):
            yield heard - since


def _gone(index: Index, what: str) -> list[float]:
    return [
        float(event["seconds"])
        for event in index.kind("gone")
        if event["what"] == what and index.is_calm(event["t"] - event["seconds"], event["t"], event["host"])
    ]
