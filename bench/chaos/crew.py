"""Who had nothing to do, and when: what tells a job that waits for its turn from a job that nobody sees."""

from __future__ import annotations

from collections import defaultdict

from bench.chaos.index import Index
from bench.chaos.spans import FOR_EVER, Span, subtract, union, within

ENDS_HOST = (
    "lose host", "stop host", "kill sentinel", "kill main process", "kill supervisor", "freeze sentinel",
    "freeze main process",
)  # fmt: skip
"""The workers that lived before are ended by it, sooner or later, and take nothing more."""

HOLDS_HOST_UP = ("freeze host", "cut off", "loose cable")
"""The same workers go on when it is over; the last two are of `bench.hosts`."""


class Crew:
    """All workers of a campaign, as the database knew them."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._hosts: dict[str, str] = {}
        self._lives: dict[str, Span] = {}
        self._busy: dict[str, list[Span]] = defaultdict(list)
        self._holder: dict[str, str] = {}
        self._read_lives()
        self._read_leases()
        self._idle = union(
            span
            for worker in self._lives
            for span in subtract([self._lives[worker]], [*self._busy[worker], *self._spoiled(worker)])
        )

    def idle(self, began: float, over: float) -> float:
        """Return the seconds between two moments in which a worker lived, was not frozen, and had nothing to do.

        A database that is away is no excuse.
        """
        return within(self._idle, began, over)

    def _read_lives(self) -> None:
        for row in self._index.kind("row"):
            if row["what"] == "worker":
                at, worker = float(row["t"]), row["worker"]
                self._hosts[worker] = row["host"]
                self._lives[worker] = (at, FOR_EVER) if row["op"] == "insert" else (self._lives[worker][0], at)

    def _read_leases(self) -> None:
        """A worker is busy too with work that lost its lease, as by a cancel, until its code has ended, or for ever."""
        ended = {event["token"]: float(event["t"]) for event in self._index.kind("ended")}
        for rows in self._index.rows.values():
            since = 0.0
            for row in (row for row in rows if row["what"] == "queue" and row["was"] != row["token"]):
                if row["token"]:
                    self._holder[row["token"]], since = row.get("worker", ""), float(row["t"])
                elif row["was"] in self._holder:
                    stuck = FOR_EVER if row["was"] in self._index.tokens else 0.0
                    until = max(float(row["t"]), ended.get(row["was"], stuck))
                    self._busy[self._holder[row["was"]]].append((since, until))

    def _spoiled(self, worker: str) -> list[Span]:
        """Return when faults kept it from taking anything."""
        found = []
        for fault in self._index.faults:
            here = fault.host == self._hosts[worker] and self._lives[worker][0] < fault.began
            hit = any(self._holder.get(token) == worker for _, token in fault.held)
            if (fault.name in ENDS_HOST and here) or (fault.name == "kill worker" and hit):
                found.append((fault.began, FOR_EVER))
            elif (fault.name in HOLDS_HOST_UP and here) or (fault.name == "freeze worker" and hit):
                found.append((fault.began, fault.over))
        return found
