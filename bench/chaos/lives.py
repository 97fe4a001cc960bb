"""The life of one job as the database accepted it, move by move: invariants 2, 3, 4 and 7."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bench.chaos.history import Event
from bench.chaos.index import FINAL


@dataclass(frozen=True)
class Broken:
    """A promise that was not kept: the number of the invariant in the engine's design, the job, what happened."""

    invariant: int
    job: str
    what: str


@dataclass
class Life:
    """Who owns a job and where it stands, while its changes are gone through."""

    job: str
    tokens: set[str]
    owner: str | None = None
    last_owner: str | None = None
    status: str = ""
    progress: int = 0
    error: object = None
    seen: set[str] = field(default_factory=set)
    done: set[tuple[str, str]] = field(default_factory=set)

    def go_through(self, rows: Sequence[Event]) -> Iterator[Broken]:
        """Yield what was not allowed to happen."""
        ways = {"queue": self._queue, "job": self._job, "step": self._written, "effect": self._written}
        for row in rows:
            for invariant, what in ways[row["what"]](row):
                yield Broken(invariant, self.job, what)

    def _queue(self, row: Event) -> Iterator[tuple[int, str]]:
        was, token = row["was"], row["token"]
        if row["op"] == "insert" or was == token:
            return
        if was and token:
            yield 2, f"the lease {was} was taken by {token}"
        if token:
            yield from self._claimed(row)
        else:
            yield from self._let_go(row)

    def _claimed(self, row: Event) -> Iterator[tuple[int, str]]:
        if row["attempt"] != row["attempt_was"] + 1:
            yield 4, f"a claim made attempt {row['attempt_was']} into {row['attempt']}"
        if row["token"] in self.seen:
            yield 2, f"the token {row['token']} was used twice"
        self.seen.add(row["token"])
        self.owner, self.progress = row["token"], 0

    def _let_go(self, row: Event) -> Iterator[tuple[int, str]]:
        self.owner, self.last_owner = None, row["was"]
        if row["op"] == "update":
            used, died = row["attempt"] - row["attempt_was"], row["deaths"] - row["deaths_was"]
            if (used, died) not in ((0, 0), (-1, 0), (0, 1)):
                yield 4, f"a release changed the attempt by {used} and the deaths by {died}"

    def _job(self, row: Event) -> Iterator[tuple[int, str]]:
        holder = self.owner or self.last_owner
        if self.status in FINAL and row["status"] != self.status:
            yield 5 if self.status == "cancelled" else 3, f"{self.status} became {row['status']}"
        if row["status"] == "completed" and row["output_token"] not in (None, holder):
            yield 2, f"the result of {row['output_token']} was accepted while {holder} held the lease"
        error = row["error"]
        if error and error != self.error and error.get("detail") in self.tokens - {holder}:
            yield 2, f"the failure of {error['detail']} was accepted while {holder} held the lease"
        if (row["progress"] == 100) != (row["status"] == "completed"):
            yield 7, f"{row['progress']} % while {row['status']}"
        if row["status"] == "processing":
            if row["progress"] < self.progress:
                yield 7, f"progress fell from {self.progress} to {row['progress']}"
            self.progress = row["progress"]
        self.status, self.error = row["status"], error

    def _written(self, row: Event) -> Iterator[tuple[int, str]]:
        if row["token"] and row["token"] != self.owner:
            yield 2, f"{row['what']} {row['name']} of {row['token']} was accepted while {self.owner} held the lease"
        if (row["what"], row["name"]) in self.done:
            yield 3, f"{row['what']} {row['name']} happened twice"
        self.done.add((row["what"], row["name"]))


def updates(rows: list[Event]) -> Iterator[Event]:
    """Yield the changes of a job's place in the queue while it was there."""
    return (row for row in rows if row["what"] == "queue" and row["op"] == "update")
