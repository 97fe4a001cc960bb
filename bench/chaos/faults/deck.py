"""Which faults there are, and in what order they come."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable

from bench.chaos.faults.kills import (
    kill_helper,
    kill_idle_worker,
    kill_main,
    kill_sentinel,
    kill_supervisor,
    kill_worker,
    poison,
)
from bench.chaos.faults.outages import cut_connections, deafen, lose_commits, restart_database
from bench.chaos.faults.pauses import freeze_host, freeze_main, freeze_sentinel, freeze_worker, lose_host, stop_host
from bench.chaos.index import SETTLE_SECONDS
from bench.chaos.world import Track, World

Fault = Callable[[World], Track]


DECKS: dict[str, list[Fault]] = {
    "quick": [
        kill_worker, kill_worker, kill_idle_worker, kill_helper, kill_helper, kill_sentinel, kill_main, kill_supervisor,
        restart_database, cut_connections, lose_commits, deafen, stop_host, poison,
    ],
    "slow": [freeze_worker, lose_host, freeze_sentinel, freeze_main, freeze_host],
}  # fmt: skip


def decks(only: list[str]) -> dict[str, list[Fault]]:
    """Return the faults that are dealt side by side, by the name of their deck; `only` those of these names."""
    chosen = {name: [one for one in some if not only or one.__name__ in only] for name, some in DECKS.items()}
    return {name: some for name, some in chosen.items() if some}


def one_by_one(world: World, faults: Iterable[Fault], chance: random.Random) -> Track:
    """Deal every fault once, in an order of the seed's, with nothing beside it: what it costs alone is measured."""
    every = list(faults)
    for one in chance.sample(every, len(every)):
        yield from one(world)
        yield SETTLE_SECONDS + 0.5


def deck(world: World, faults: list[Fault], until: float, chance: random.Random) -> Track:
    """Deal the faults one after the other in an order of the seed's, again and again."""
    while True:
        for one in chance.sample(faults, len(faults)):
            if time.monotonic() > until:
                return
            yield from one(world)
            yield 0.2 + chance.random()
