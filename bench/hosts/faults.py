"""What goes wrong between hosts, beside what goes wrong on one (`bench/chaos/faults`)."""

from __future__ import annotations

from bench.chaos.faults import kills, outages, pauses
from bench.chaos.faults.deck import Fault
from bench.chaos.faults.fault import WHOLE_SECONDS, fault, victim
from bench.chaos.faults.pauses import FREEZE_SECONDS
from bench.chaos.host import Host
from bench.chaos.world import Track, World
from bench.hosts.network import Network


def decks(network: Network, only: list[str]) -> dict[str, list[Fault]]:
    """Return what is dealt side by side. The first host is never cut off: its pages hear of all that happens."""

    def cut_off(world: World) -> Track:
        """A host's cable is pulled for longer than a lease; its processes do not know."""
        host = _farther(world)
        yield from world.until(lambda: host not in world.hurt, WHOLE_SECONDS)
        yield from victim(world, "stubborn", seconds=8, then="return")
        with fault(world, "cut off", host, world.held(host)):
            network.cut(host.name)
            yield FREEZE_SECONDS
            network.mend(host.name)
            yield 3.0
            yield from world.until(lambda: world.is_whole(host), WHOLE_SECONDS)

    def blink(world: World) -> Track:
        """A cable is loose for three seconds: shorter than a lease, nothing is taken away."""
        host = _farther(world)
        yield from victim(world, "paying", seconds=4)
        with fault(world, "loose cable", host, []):
            network.cut(host.name)
            yield 3.0
            network.mend(host.name)
            yield 2.0
            yield from world.until(lambda: world.is_whole(host), WHOLE_SECONDS)

    def lose_host(world: World) -> Track:
        """A host loses its power and comes back."""
        yield from pauses.lose_host(world)

    known: list[Fault] = [cut_off, blink, lose_host, outages.restart_database, pauses.stop_host, kills.kill_worker]
    chosen = [one for one in known if not only or one.__name__ in only]
    slow = [one for one in chosen if one.__name__ in ("cut_off", "blink", "lose_host")]
    quick = [one for one in chosen if one not in slow]
    return {name: some for name, some in {"slow": slow, "quick": quick}.items() if some}


def _farther(world: World) -> Host:
    return world.random.choice(world.hosts[1:])
