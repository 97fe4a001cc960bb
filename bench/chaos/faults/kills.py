"""kill -9, and what kills by itself."""

from __future__ import annotations

import signal

import psutil

from bench.chaos.faults.fault import WHOLE_SECONDS, fault, victim
from bench.chaos.host import Host, send
from bench.chaos.world import Track, World


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
