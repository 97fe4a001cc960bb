"""One campaign: build the world, let it run and break, drain it, and collect the history."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

import django

from bench.chaos import history
from bench.chaos.history import Event
from bench.chaos.host import Host, environment
from bench.chaos.proxy import Proxy
from bench.chaos.till import open_till
from bench.ports import free_port
from trainai import postgres

WORKERS = (3, 2)
STATEMENT_LIMIT = "-c statement_timeout=5000"
"""For our own connection: a frozen worker may hold a lock that we would wait for."""


@contextmanager
def folder() -> Iterator[Path]:
    """Make a place for one campaign; it is deleted in the end."""
    with tempfile.TemporaryDirectory(prefix="trainai-chaos-", ignore_cleanup_errors=True) as name:
        place = Path(name)
        place.chmod(0o755)  # PostgreSQL runs as a user of its own when we are root
        (place / "history").mkdir()
        os.environ[history.FOLDER] = str(place / "history")
        yield place


def server(place: Path, settings: str = "bench.chaos.settings") -> postgres.Server:
    """Start PostgreSQL and make the tables; from here on Django works with them."""
    started = postgres.acquire(place)
    os.environ["DATABASE_URL"] = f"{started.url}?options={quote(STATEMENT_LIMIT)}"
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    os.environ["VAR_DIR"] = str(place)
    os.environ["SECRET_KEY"] = "chaos"  # noqa: S105
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return started


def run(seed: int, minutes: float, only: list[str], say: Callable[[str], None], *, web: bool) -> list[Event]:
    """Return the history of one campaign. `minutes` is how long faults are dealt; start and drain come on top.

    `only` names the faults to deal, none means all. Without `web` there is no supervisor and no page.
    """
    with folder() as place, ExitStack() as stack:
        database = server(place)
        stack.callback(postgres.release, place)
        proxy = Proxy(database.port)
        proxy.start()
        url = database.url.replace(f":{database.port}/", f":{proxy.port}/")
        port = free_port()
        shared = environment(url, place, port)
        hosts = [
            Host("a", ["manage.py", "up" if web else "qcluster"], WORKERS[0], place, shared),
            Host("b", ["manage.py", "qcluster"], WORKERS[1], place, shared),
        ]
        from bench.chaos import ledger, story
        from bench.chaos.faults import deck
        from bench.chaos.world import World

        ledger.install()
        world = World(place, seed, hosts, proxy, stack.enter_context(open_till()))
        try:
            story.tell(world, seed, minutes, deck.decks(only), {"a": f"127.0.0.1:{port}"}, say)
        finally:
            stop(hosts)
        return [*history.read(place / "history"), *story.collected(world)]


def stop(hosts: list[Host]) -> None:
    """End both hosts, gracefully if they can."""
    for host in hosts:
        host.wanted = False
        host.terminate()
    for host in hosts:
        if host.process:
            try:
                host.process.wait(40)
            except subprocess.TimeoutExpired:
                host.process.kill()
