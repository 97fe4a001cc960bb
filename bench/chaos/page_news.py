"""What the open pages were told: invariant 8."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from bench.chaos.index import DATABASE_FAULTS, MARGIN_SECONDS, Index
from bench.chaos.lives import Broken

PAGE_SECONDS = 2.0
UNHEARD = ("cut off", "loose cable", "lose host")
"""What a page at that host notices late or not at all."""


def pages(index: Index) -> Iterator[Broken]:
    """8: each open page of the company hears of every change in time, a page of another company of none."""
    for event in index.kind("page"):
        if event["page"] == "outside":
            yield Broken(8, event["job"], "a page of another company was told")
    for host in sorted({event["host"] for event in index.kind("page_open")}):
        yield from _late(index, host)


def _late(index: Index, host: str) -> Iterator[Broken]:
    seen: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for event in index.kind("page"):
        if event["page"] == "inside" and event["host"] == host:
            seen[event["job"]].append((float(event["t"]), event["version"]))
    for job, rows in index.rows.items():
        for row in rows:
            at = float(row["t"])
            if row["what"] == "job" and watched(index, host, at, at + PAGE_SECONDS):
                first = bisect_left(seen[job], (at - PAGE_SECONDS, 0))
                if not any(version >= row["version"] and t <= at + PAGE_SECONDS for t, version in seen[job][first:]):
                    yield Broken(8, job, f"version {row['version']} ({row['status']}) did not reach the page in time")


def watched(index: Index, host: str, began: float, over: float) -> bool:
    """Whether the page at `host` was open all the time, and the database, the wire and the host's cable were well."""
    here = [event for event in index.kind("page_closed") if (event["page"], event["host"]) == ("inside", host)]
    opened = [event for event in index.kind("page_open") if (event["page"], event["host"]) == ("inside", host)]
    last = max((float(event["t"]) for event in opened if float(event["t"]) < began), default=None)
    if last is None or any(last < float(event["t"]) < over for event in here):
        return False
    return not any(
        fault.began < over and began < fault.over + MARGIN_SECONDS
        for fault in index.faults
        if fault.name in (*DATABASE_FAULTS, "no notification") or (fault.name in UNHEARD and fault.host == host)
    )
