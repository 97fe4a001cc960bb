"""What was paid for: invariant 3, as the counting server saw it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from bench.chaos.history import Event
from bench.chaos.index import MARGIN_SECONDS, Index
from bench.chaos.lives import Broken


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
