"""How a campaign goes: whole, then load and faults, then calm until nothing is left to do."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping

from django.db import connection

from bench.chaos import ledger, load, pages
from bench.chaos.faults import deck
from bench.chaos.history import Event, note
from bench.chaos.world import LOOK_SECONDS, Track, World
from jobs import processes

START_SECONDS = 120.0
DRAIN_SECONDS = 120.0
ONE_BY_ONE_FROM_MINUTES = 6.0
"""Campaigns so long begin with every fault alone, which takes about half of that; shorter ones have no time for it."""
LEFT_SECONDS = 40.0
"""How long files of dead attempts may stay."""

Say = Callable[[str], None]
Decks = dict[str, list[deck.Fault]]


def tell(world: World, seed: int, minutes: float, decks: Decks, web: Mapping[str, str], say: Say) -> None:
    """Live the whole campaign, from the main thread. `web`: the hosts at which pages are open, with their addresses."""
    live(world, [start(world)])
    say("whole: load and faults begin")
    threads = [
        pages.open_page(name, user, host, address, world.over)
        for host, address in web.items()
        for name, user in world.people.items()
    ]
    threads += load.in_threads(world, seed)
    until = time.monotonic() + 60 * minutes
    note("faults_begin")
    if minutes >= ONE_BY_ONE_FROM_MINUTES:
        every = [one for some in decks.values() for one in some]
        live(world, [deck.one_by_one(world, every, random.Random(f"{seed} alone"))])  # noqa: S311
    dealt = [
        deck.deck(world, some, until, random.Random(f"{seed} {name}"))  # noqa: S311
        for name, some in decks.items()
    ]
    live(world, dealt)
    note("faults_over")
    world.over.set()
    for thread in threads:
        thread.join(30)
    say("calm: draining")
    live(world, [drain(world)])
    note("drained")


def live(world: World, tracks: list[Track]) -> None:
    """Go through several tracks side by side, and keep the hosts running."""
    due = dict.fromkeys(tracks, 0.0)
    while due:
        for host in world.hosts:
            host.tend()
        for track in [track for track, when in due.items() if when <= time.monotonic()]:
            try:
                due[track] = time.monotonic() + next(track)
            except StopIteration:
                del due[track]
        time.sleep(LOOK_SECONDS / 2)


def start(world: World) -> Track:
    """Wait until both hosts are whole."""
    if not (yield from world.until(world.is_whole, START_SECONDS)):
        raise RuntimeError("the hosts did not start: " + (world.hosts[0].folder / "log").read_text()[-2000:])
    yield 1.0


def drain(world: World) -> Track:
    """Wait until nothing is left in the queue, and then until nothing is left of it."""
    yield from world.until(lambda: world.rows("SELECT 1 WHERE NOT EXISTS (SELECT FROM job_queue)"), DRAIN_SECONDS)
    yield from world.until(world.is_whole, START_SECONDS)
    yield from world.until(lambda: not left(world), LEFT_SECONDS)
    note("left", items=left(world))


def left(world: World) -> list[str]:
    """Return what attempts have left behind: processes and files."""
    marks = {str(token) for (token,) in world.rows("SELECT id FROM job_attempts")}
    found = [f"process {pid} of {mark}" for pid, mark in processes.marks() if mark in marks]
    return found + [path for host in world.hosts for path in host.scratch()]


def collected(world: World) -> list[Event]:
    """Return what the database says at the end."""
    connection.close()
    jobs = world.rows(
        "SELECT j.id, j.job_type, j.status, j.retry_count, j.max_retries, j.error_data ->> 'code', q.run_at,"
        " j.depends_on_id, (j.input_data ->> 'number')::int, q.token"
        " FROM background_jobs j LEFT JOIN job_queue q ON q.job_id = j.id"
    )
    names = ("job", "job_type", "status", "retries", "max_retries", "code", "due", "waits_for", "number", "token")
    final = [{"kind": "job", "t": time.time(), **dict(zip(names, map(_plain, row), strict=True))} for row in jobs]
    return [*ledger.events(), *final]


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, int) else str(value)
