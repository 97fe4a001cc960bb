"""Do the engine's nine invariants hold? Pure functions over a history; they need no clock and no database."""

from __future__ import annotations

from collections.abc import Iterator

from bench.chaos.ends import deaths, lost
from bench.chaos.index import Index
from bench.chaos.lives import Broken, Life, updates
from bench.chaos.order import out_of_order
from bench.chaos.page_news import pages
from bench.chaos.payments import paid_twice

MOST_DEATHS = 2


def broken(index: Index) -> list[Broken]:
    """Return every promise that was not kept."""
    checks = (lost, deaths, lives, paid_twice, attempts, after_cancel, out_of_order, pages, left_behind)
    return [one for check in checks for one in check(index)]


def lives(index: Index) -> Iterator[Broken]:
    """2, 3, 4, 7: what the database accepted of each job."""
    for job, rows in index.rows.items():
        yield from Life(job, index.tokens).go_through(rows)


def attempts(index: Index) -> Iterator[Broken]:
    """4: never beyond the maximum, and a graceful stop uses none."""
    for job, end in index.by_job("job").items():
        most = max((row["attempt"] or 0 for row in updates(index.rows[job])), default=0)
        if end["retries"] > end["max_retries"] or most > end["max_retries"] + MOST_DEATHS + 1:
            yield Broken(4, job, f"attempt {most}, retry {end['retries']} of {end['max_retries']}")
    for fault in index.faults:
        if fault.name == "stop host" and index.is_calm(fault.began, fault.over, fault.host, but=fault):
            for job, token in fault.held:
                for row in updates(index.rows[job]):
                    if row["was"] == token and row["token"] is None and row["attempt"] != row["attempt_was"] - 1:
                        yield Broken(4, job, "a graceful stop used up an attempt")


def after_cancel(index: Index) -> Iterator[Broken]:
    """5: no step that was asked for after the commit of a cancel begins."""
    cancelled = {job: float(event["t"]) for job, event in index.by_job("cancel_acked").items()}
    asked = {(event["token"], event["step"]): float(event["t"]) for event in index.kind("step_asked")}
    for event in index.kind("step_began"):
        if asked[event["token"], event["step"]] > cancelled.get(event["job"], float("inf")):
            yield Broken(5, event["job"], f"{event['step']} began after the cancel")


def left_behind(index: Index) -> Iterator[Broken]:
    """9: when all is done there is no lease, no process and no file."""
    for event in index.kind("left"):
        for item in event["items"]:
            yield Broken(9, "", f"left behind: {item}")
    for event in index.kind("job"):
        if event["token"]:
            yield Broken(9, event["job"], "still leased")
