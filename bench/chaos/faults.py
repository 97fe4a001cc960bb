"""What goes wrong. Each fault is a track: it notes its beginning, what it hit, and when all was whole again."""

from __future__ import annotations

import itertools
import os
import random
import signal
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager

import psutil

from bench.chaos import apps
from bench.chaos.history import note
from bench.chaos.host import Host, send
from bench.chaos.world import Track, Victim, World
from jobs import queries

FREEZE_SECONDS = float(os.environ.get(apps.LEASE, queries.LEASE_SECONDS)) + 2.5
"""Longer than a lease."""
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
    """Enqueue a job that goes first; the value is who runs it, None when nobody did in time."""
    job = world.enqueue(kind, priority=1, **data)
    if job is None:
        return None
    return (yield from world.until(lambda: world.holder(str(job.pk)), 8.0))


def kill(world: World, name: str, host: Host, process: psutil.Process | None, held: list[list[str]]) -> Track:
    """kill -9, and wait until the host is whole."""
    if process is None:
        return
    with fault(world, name, host, held):
        send([process], signal.SIGKILL)
        yield 0.3
        yield from world.until(lambda: world.is_whole(host), WHOLE_SECONDS)


def kill_worker(world: World) -> Track:
    """The worker of a running job dies."""
    kind = world.random.choice(["long", "paying", "family", "sleeping"])
    found = yield from victim(world, kind, seconds=3)
    if found:
        yield world.random.random()
        held = world.held(found.host, found.pid)
        yield from kill(world, "kill worker", found.host, psutil.Process(found.pid), held)


def kill_idle_worker(world: World) -> Track:
    """A worker dies that very likely has nothing to do."""
    host = world.some_host()
    for process in host.workers(world.known(host)):
        if not world.held(host, process.pid):
            yield from kill(world, "kill idle worker", host, process, world.held(host, process.pid))
            return


def kill_helper(world: World) -> Track:
    """django-q2's monitor or pusher dies: the one that has lived longer, so both in turn."""
    host = world.some_host()
    for process in host.helpers(world.known(host))[:1]:
        yield from kill(world, "kill pusher or monitor", host, process, [])


def kill_sentinel(world: World) -> Track:
    """The process that forks the workers dies, and with it the cluster."""
    found = yield from victim(world, "long", seconds=4)
    host = found.host if found else world.some_host()
    yield from kill(world, "kill sentinel", host, host.sentinel(), world.held(host))


def kill_main(world: World) -> Track:
    """qcluster's main process dies, and with it the cluster."""
    host = world.some_host()
    yield from kill(world, "kill main process", host, host.main(), world.held(host))


def kill_supervisor(world: World) -> Track:
    """`up` dies, and with it web and workers."""
    host = world.hosts[0]
    yield from kill(world, "kill supervisor", host, next(iter(host.tree()), None), world.held(host))


def freeze_worker(world: World) -> Track:
    """A worker stands still for longer than its lease, and goes on as if nothing had been."""
    kind, then = world.random.choice([("stubborn", "return"), ("stubborn", "raise"), ("owning", "")])
    found = yield from victim(world, kind, seconds=9, then=then)
    if found:
        with fault(world, "freeze worker", found.host, [[found.job, found.token]]):
            frozen = [psutil.Process(found.pid)]
            send(frozen, signal.SIGSTOP)
            yield FREEZE_SECONDS
            send(frozen, signal.SIGCONT)
            yield 4.0


def freeze_sentinel(world: World) -> Track:
    """The sentinel stands still: it replaces nobody any more."""
    host = world.some_host()
    if sentinel := host.sentinel():
        with fault(world, "freeze sentinel", host, []):
            send([sentinel], signal.SIGSTOP)
            yield from world.until(lambda: host.sentinel() not in (None, sentinel), WHOLE_SECONDS)
            yield from world.until(lambda: world.is_whole(host), WHOLE_SECONDS)


def freeze_host(world: World) -> Track:
    """Every process of the second host stands still, as in a paused virtual machine."""
    host = world.hosts[-1]
    yield from world.until(lambda: host not in world.hurt, WHOLE_SECONDS)
    yield from victim(world, "stubborn", seconds=8, then="return")
    with fault(world, "freeze host", host, world.held(host)):
        frozen = host.tree()
        send(frozen, signal.SIGSTOP)
        yield FREEZE_SECONDS
        send(frozen, signal.SIGCONT)
        yield 3.0
        yield from world.until(lambda: world.is_whole(host), WHOLE_SECONDS)


def lose_host(world: World) -> Track:
    """The second host is gone at once, and comes back after its leases have run out."""
    host = world.hosts[-1]
    yield from world.until(lambda: host not in world.hurt, WHOLE_SECONDS)
    for _ in range(host.count + world.hosts[0].count):  # so many that the host has one for sure
        world.enqueue("long", priority=1, seconds=5)
    yield from world.until(lambda: world.held(host), 5.0)
    host.wanted = False
    with fault(world, "lose host", host, world.held(host)):
        tree = host.tree()
        send(tree, signal.SIGSTOP)
        send(tree, signal.SIGKILL)
        yield FREEZE_SECONDS + 1
        host.wanted = True
        yield from world.until(lambda: world.is_whole(host), WHOLE_SECONDS)


def restart_database(world: World) -> Track:
    """PostgreSQL dies and comes back."""
    yield from victim(world, "paying", seconds=2)
    with fault(world, "restart database"):
        world.restart_database()
        yield 0.5
        yield from world.until(world.database_answers, WHOLE_SECONDS)
        yield 2.0
        yield from world.until(world.is_whole, WHOLE_SECONDS)


def cut_connections(world: World) -> Track:
    """Every second connection is ended by the server."""
    yield from victim(world, "paying", seconds=2)
    with fault(world, "terminate backends"):
        world.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND pid %% 2 = %s",
            world.random.randrange(2),
        )
        yield 3.0


def lose_commits(world: World) -> Track:
    """The server commits and nobody hears of it."""
    with fault(world, "lost commits"):
        world.proxy.to_lose = 6
        yield from world.until(lambda: not world.proxy.to_lose, 6.0)
        world.proxy.to_lose = 0
        yield 2.0


def deafen(world: World) -> Track:
    """No notification arrives; jobs are started and cancelled all the same."""
    found = yield from victim(world, "sleeping", seconds=30)
    with fault(world, "no notification"):
        world.proxy.deaf = True
        for _ in range(3):
            world.enqueue("instant", priority=1)
            yield 0.7
        if found:
            world.cancel(found.job)
        yield 4.0
        world.proxy.deaf = False


def stop_host(world: World) -> Track:
    """SIGTERM: what runs is handed back; then it is started again."""
    host = world.some_host()
    yield from victim(world, "long", seconds=6)
    yield from victim(world, "stubborn", seconds=30, then="return")
    held = world.held(host)
    with fault(world, "stop host", host, held):
        old = host.process
        host.terminate()
        yield from world.until(lambda: host.process is not old, WHOLE_SECONDS)
        yield from world.until(lambda: world.is_whole(host), WHOLE_SECONDS)
    for job, _ in held:
        world.cancel(job)  # the stubborn one has done its part


def poison(world: World) -> Track:
    """A job that kills every worker that takes it, and others that want to be done meanwhile."""
    job = world.enqueue("poison", priority=1)
    with fault(world, "poison"):
        for _ in range(6):
            world.enqueue("instant", priority=2)
            yield 0.3
        if job:
            yield from world.until(
                lambda: world.rows("SELECT 1 FROM background_jobs WHERE id = %s AND status = 'failed'", job.pk), 15.0
            )
        yield from world.until(world.is_whole, WHOLE_SECONDS)


Fault = Callable[[World], Track]
DECKS: dict[str, list[Fault]] = {
    "quick": [
    kill_worker, kill_worker, kill_idle_worker, kill_helper, kill_helper, kill_sentinel, kill_main, kill_supervisor,
    restart_database, cut_connections, lose_commits, deafen, stop_host, poison,
    ],
    "slow": [freeze_worker, lose_host, freeze_sentinel, freeze_host],
}  # fmt: skip


def decks(only: list[str]) -> dict[str, list[Fault]]:
    """Return the faults that are dealt side by side, by the name of their deck; `only` those of these names."""
    chosen = {name: [one for one in some if not only or one.__name__ in only] for name, some in DECKS.items()}
    return {name: some for name, some in chosen.items() if some}


def deck(world: World, faults: list[Fault], until: float, chance: random.Random) -> Track:
    """Deal the faults one after the other in an order of the seed's, again and again."""
    while True:
        for one in chance.sample(faults, len(faults)):
            if time.monotonic() > until:
                return
            yield from one(world)
            yield 0.2 + chance.random()
