"""A history in the order a checker wants it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from bench.chaos.history import Event

FINAL = ("completed", "failed", "cancelled")
DATABASE_FAULTS = ("restart database", "terminate backends", "lost commits")
MARGIN_SECONDS = 1.0
"""A row that a trigger logged is visible to others only after its commit: it is by then."""
SETTLE_SECONDS = 3.0
"""How long after a fault of the database transactions may still be rolled back."""


@dataclass(frozen=True)
class Fault:
    """Something that went wrong on purpose, from its beginning until all was whole again."""

    name: str
    host: str
    began: float
    over: float
    held: tuple[tuple[str, str], ...]


class Index:
    """Looks things up in a history."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._kinds: dict[str, list[Event]] = defaultdict(list)
        self.rows: dict[str, list[Event]] = defaultdict(list)
        for event in sorted(events, key=lambda event: float(event["t"])):
            self._kinds[event["kind"]].append(event)
            if event["kind"] == "row" and event["job"]:
                self.rows[event["job"]].append(event)
        for rows in self.rows.values():
            rows.sort(key=lambda row: int(row["seq"]))

    def kind(self, name: str) -> list[Event]:
        """Return the events of a kind, by time."""
        return self._kinds.get(name, [])

    def by_job(self, name: str) -> dict[str, Event]:
        """Return the last event of a kind for each job."""
        return {event["job"]: event for event in self.kind(name)}

    @cached_property
    def tokens(self) -> set[str]:
        """Every token that a handler has seen."""
        return {event["token"] for event in self.kind("began")}

    @cached_property
    def faults(self) -> list[Fault]:
        """All faults, by their beginning."""
        over = {event["number"]: float(event["t"]) for event in self.kind("fault_over")}
        return [
            Fault(
                event["name"],
                event["host"],
                float(event["t"]),
                over.get(event["number"], float("inf")),
                tuple((job, token) for job, token in event["held"]),
            )
            for event in self.kind("fault")
        ]

    def is_calm(self, began: float, over: float, host: str = "", but: Fault | None = None) -> bool:
        """Whether neither the database nor this host was disturbed meanwhile, by another fault than `but`."""
        return not any(
            fault is not but
            and fault.began < over
            and began < fault.over + (SETTLE_SECONDS if fault.name in DATABASE_FAULTS else 0)
            and (fault.name in (*DATABASE_FAULTS, "no notification") or not host or fault.host == host)
            for fault in self.faults
        )

    def claims(self) -> Iterator[tuple[str, Event]]:
        """Yield each claim with its job."""
        for job, rows in self.rows.items():
            for row in rows:
                if row["what"] == "queue" and row["op"] == "update" and row["token"] and not row["was"]:
                    yield job, row

    def next_claim(self, job: str, after: float) -> Event | None:
        """Return the first claim of a job after a moment."""
        claims = self._claims_of.get(job, [])
        at = bisect_right([float(row["t"]) for row in claims], after)
        return claims[at] if at < len(claims) else None

    @cached_property
    def _claims_of(self) -> dict[str, list[Event]]:
        found: dict[str, list[Event]] = defaultdict(list)
        for job, row in self.claims():
            found[job].append(row)
        return found
