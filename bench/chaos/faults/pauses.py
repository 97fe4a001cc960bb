"""What stands still or is gone for longer than a lease, and what is told to stop."""

from __future__ import annotations

import os
import signal

import psutil

from bench.chaos import apps
from bench.chaos.faults.fault import WHOLE_SECONDS, fault, victim
from bench.chaos.host import send
from bench.chaos.world import Track, World
from jobs import queries

FREEZE_SECONDS = float(os.environ.get(apps.LEASE, queries.LEASE_SECONDS)) + 2.5
"""Longer than a lease."""


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


def freeze_main(world: World) -> Track:
    """qcluster's main process stands still: nobody rescues and fires schedules there. `up` replaces it."""
    host = world.hosts[0]
    if main := host.main():
        with fault(world, "freeze main process", host, world.held(host)):
            send([main], signal.SIGSTOP)
            yield from world.until(lambda: host.main() not in (None, main), WHOLE_SECONDS)
            send([main], signal.SIGCONT)  # where `up` died beside it, nobody else would let it hear that it is to end
            yield from world.until(lambda: world.is_whole(host), WHOLE_SECONDS)


def freeze_host(world: World) -> Track:
    """Every process of the second host stands still, as in a paused virtual machine."""
    host = world.hosts[-1]
    yield from world.until(lambda: host not in world.hurt, WHOLE_SECONDS)
    for _ in range(5):  # so many that the frozen host has some, wherever the first ones go
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
