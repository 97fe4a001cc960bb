"""What the kills alone did to an engine: a pure function over the history of its tasks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from bench.chaos.history import Event


def figures(events: list[Event]) -> dict[str, Any]:
    """Return counts, and the longest time a task was without anybody after its process was killed.

    A task is lost when it has not ended by the end of the calm, doubled when it ran to its end more than once.
    """
    of: dict[str, list[Event]] = defaultdict(list)
    for event in sorted(events, key=lambda event: float(event["t"])):
        of[event["kind"]].append(event)
    ends = Counter(event["number"] for event in of["ended"])
    unowned = list(_unowned(of))
    return {
        "tasks": len(of["acked"]),
        "kills": len(of["killed"]),
        "lost": sum(ends[event["number"]] == 0 for event in of["acked"]),
        "doubled": sum(count > 1 for count in ends.values()),
        "cut by a kill": len(unowned),
        "longest unowned": round(max(unowned, default=0.0), 1),
        "calm before the end": round(float(of["over"][-1]["t"]) - float(of["calm"][-1]["t"]), 1),
    }


def _unowned(of: dict[str, list[Event]]) -> Iterator[float]:
    """Yield for each run that a kill cut how long it was until the next one, or until nobody waited any more."""
    over = float(of["over"][-1]["t"])
    for killed in of["killed"]:
        at = float(killed["t"])
        for began in of["began"]:
            if began["pid"] == killed["pid"] and began["t"] < at and not _ended(of, began, at):
                again = [float(one["t"]) for one in of["began"] if one["number"] == began["number"] and one["t"] > at]
                yield min(again, default=over) - at


def _ended(of: dict[str, list[Event]], began: Event, at: float) -> bool:
    return any(one["number"] == began["number"] and began["t"] < one["t"] < at for one in of["ended"])
