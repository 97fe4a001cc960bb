"""What happens to the database and the wire to it."""

from __future__ import annotations

from bench.chaos.faults.fault import WHOLE_SECONDS, fault, victim
from bench.chaos.world import Track, World


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
