"""What every fault does: note its two ends, and find somebody to hit."""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterator
from contextlib import contextmanager

from bench.chaos.history import note
from bench.chaos.host import Host
from bench.chaos.world import Victim, World

WHOLE_SECONDS = 30.0


_numbers = itertools.count(1)


@contextmanager
def fault(world: World, name: str, host: Host | None = None, held: list[list[str]] | None = None) -> Iterator[None]:
    """Note a fault's two ends."""
    number = next(_numbers)
    where = host.name if host else ""
    note("fault", number=number, name=name, host=where, held=held or [])
    hurt = [host] if host else []
    world.hurt += hurt
    try:
        yield
    finally:
        for one in hurt:
            world.hurt.remove(one)
        note("fault_over", number=number, name=name, host=where)


def victim(world: World, kind: str, **data: object) -> Generator[float, None, Victim | None]:
    """Enqueue a job that goes first; the value is who runs it, None when nobody did in time.

    It is taken back then: it would run later for nothing, ahead of all others, and the next would come too late.
    """
    job = world.enqueue(kind, priority=1, **data)
    if job is None:
        return None
    found = yield from world.until(lambda: world.holder(str(job.pk)), 8.0)
    if found is None:
        world.cancel(str(job.pk))
    return found
