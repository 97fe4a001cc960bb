"""What people do meanwhile: new jobs all the time, and cancels."""

from __future__ import annotations

import os
import random
import select
import threading
import time
from collections.abc import Iterable

from bench.chaos.faults.fault import victim
from bench.chaos.history import note
from bench.chaos.world import Track, Victim, World
from jobs import processes

RATE_PER_SECOND = 3.0
BACKLOG = 10
"""More jobs than this are not added to: what is measured is the engine, not the queue of a small machine."""
GONE_SECONDS = 20.0
KINDS = {"instant": 40, "paying": 22, "long": 12, "chain": 8, "stumbling": 7, "family": 5, "failing": 4, "odd": 2}
CANCELLED = ("family", "sleeping", "long", "paying", "stubborn", "waiting")


def run(track: Track) -> None:
    """Live a track by itself, in this thread."""
    for seconds in track:
        time.sleep(seconds)


def in_threads(world: World, seed: int) -> list[threading.Thread]:
    """Start load and cancels; they end when the world is over."""
    tracks = [enqueue(world, random.Random(seed)), cancel(world, random.Random(seed + 1))]  # noqa: S311
    threads = [threading.Thread(target=run, args=[track], daemon=True) for track in tracks]
    for thread in threads:
        thread.start()
    return threads


def enqueue(world: World, chance: random.Random) -> Track:
    """Enqueue jobs of mixed kinds and priorities."""
    while not world.over.is_set():
        kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
        priority = chance.choice([3, 5, 5, 5, 8])
        if world.rows("SELECT 1 FROM job_queue OFFSET %s LIMIT 1", BACKLOG):
            yield 0.2
            continue
        if kind == "chain":
            first = world.enqueue("instant", priority=priority)
            if first:
                world.enqueue("instant", priority=priority, before=first)
        else:
            given = {"times": chance.randint(1, 2), "where": chance.choice(["step", "output"])}
            world.enqueue(kind, priority=priority, seconds=round(chance.uniform(0.2, 1.2), 2), **given)
        yield chance.expovariate(RATE_PER_SECOND)


def cancel(world: World, chance: random.Random) -> Track:
    """Cancel running and waiting jobs, and see what is left of them."""
    while not world.over.is_set():
        kind = chance.choice(CANCELLED)
        if kind == "waiting":
            job = world.enqueue("instant", priority=10)
            if job:
                world.cancel(str(job.pk))
        else:
            found = yield from victim(world, kind, seconds=20, then="return")
            yield 0.2 + 0.3 * chance.random()
            if found:
                watch_end(world, found, kind)
        yield 0.5 + chance.random()


def watch_end(world: World, found: Victim, kind: str) -> None:
    """Cancel a running job and note when the last of its processes was gone."""
    family = [os.pidfd_open(pid) for pid in _marked(found.token)]
    worker = os.pidfd_open(found.pid) if kind == "stubborn" else None
    asked = time.time()
    if world.cancel(found.job):
        for what, descriptors in (("children", family), ("worker", [worker] if worker else [])):
            if descriptors and wait_gone(descriptors, GONE_SECONDS):
                note(
                    "gone",
                    what=what,
                    job=found.job,
                    token=found.token,
                    host=found.host.name,
                    seconds=time.time() - asked,
                )
    for descriptor in [*family, *([worker] if worker else [])]:
        os.close(descriptor)


def _marked(token: str) -> list[int]:
    return [pid for pid, mark in processes.marks() if mark == token]


def wait_gone(descriptors: Iterable[int], seconds: float) -> bool:
    """Wait until all these processes have ended; False when time was up."""
    until = time.monotonic() + seconds
    for descriptor in descriptors:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        if not poll.poll(max(0.0, 1000 * (until - time.monotonic()))):
            return False
    return True
