"""One campaign over three hosts: each with its network, folder and processes; one PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack

from bench.chaos import apps, history
from bench.chaos.campaign import folder, server, stop
from bench.chaos.history import Event
from bench.chaos.host import Host, environment
from bench.hosts.network import network
from bench.hosts.pgbouncer import pgbouncer
from bench.ports import free_port

HOSTS = {"a": "up", "b": "up", "c": "qcluster"}
"""Two with web and workers, one with workers alone. Pages are open at both of the first."""
WORKERS = 2


def run(seed: int, minutes: float, only: list[str], *, pooled: bool, say: Callable[[str], None]) -> list[Event]:
    """Return the history of one campaign. Raises Impossible where there are no network namespaces."""
    with ExitStack() as stack:
        net = stack.enter_context(network(list(HOSTS)))
        os.environ[apps.MEET] = net.here
        place = stack.enter_context(folder())
        database = server(place)

        from bench.chaos import ledger, story
        from bench.chaos.proxy import Proxy
        from bench.chaos.till import open_till
        from bench.chaos.world import World
        from bench.hosts import faults
        from trainai import postgres

        stack.callback(postgres.release, place)
        proxy = Proxy(database.port)
        proxy.start()
        direct = database.url.replace(f"@127.0.0.1:{database.port}/", f"@{net.here}:{proxy.port}/")
        addresses = {"DATABASE_URL": direct}
        if pooled:
            pool = stack.enter_context(pgbouncer(database.url, net.here, place))
            addresses = {"DATABASE_URL": pool, "DATABASE_DIRECT_URL": direct}
        port = free_port()
        shared = environment(direct, place, port) | addresses | {"BIND": "0.0.0.0"}  # noqa: S104
        shared["ALLOWED_HOSTS"] = ",".join(["127.0.0.1", *map(net.address, HOSTS)])
        hosts = [Host(name, ["manage.py", command], WORKERS, place, shared) for name, command in HOSTS.items()]
        for host in hosts:
            host.wrapper = net.inside(host.name)
        ledger.install()
        world = World(place, seed, hosts, proxy, stack.enter_context(open_till()))
        try:
            web = {name: f"{net.address(name)}:{port}" for name, command in HOSTS.items() if command == "up"}
            story.tell(world, seed, minutes, faults.decks(net, only), web, say)
        finally:
            stop(hosts)
        return [*history.read(place / "history"), *story.collected(world)]
