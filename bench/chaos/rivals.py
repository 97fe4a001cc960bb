"""The kills alone, on our engine and on its peers: `python -m bench.chaos.rivals ENGINE [--seed N] [--minutes M]`.

Tasks of about a second are asked for all the time, and every few seconds one process of the engine, any one, is
killed with -9. What ends as a whole is started again at once, as systemd would. Then there is calm, and time to catch
up.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.chaos import history
from bench.chaos.history import note
from bench.chaos.host import Host, environment, send
from bench.chaos.kill_figures import figures
from bench.ports import free_port

WORKERS = 4
KILL_SECONDS = 3.0
RATE_PER_SECOND = 1.5
START_SECONDS = 30.0
CATCH_UP_SECONDS = 120.0

Ask = Callable[[int, float], None]
"""Asks for the task of this number, so many seconds long."""


@contextmanager
def ours(place: Path, shared: dict[str, str]) -> Iterator[tuple[list[Host], Ask]]:
    """Two clusters of ours."""
    from jobs import queue
    from trainai.accounts.models import Company, User

    user, company = User.objects.create_user("bench@example.com"), Company.objects.create(name="Bench")

    def ask(number: int, seconds: float) -> None:
        queue.enqueue("chaos_plain", user=user, company=company, input_data={"number": number, "seconds": seconds})

    yield [Host(name, ["manage.py", "qcluster"], WORKERS // 2, place, shared) for name in "ab"], ask


@contextmanager
def q2(place: Path, shared: dict[str, str]) -> Iterator[tuple[list[Host], Ask]]:
    """Two clusters of stock django-q2 on its ORM broker."""
    from django_q.tasks import async_task

    def ask(number: int, seconds: float) -> None:
        async_task("bench.chaos.plain.work", number, seconds)

    settings = {**shared, "DJANGO_SETTINGS_MODULE": "bench.chaos.q2_settings"}
    yield [Host(name, ["-m", "django", "qcluster"], WORKERS // 2, place, settings) for name in "ab"], ask


@contextmanager
def procrastinate(place: Path, shared: dict[str, str]) -> Iterator[tuple[list[Host], Ask]]:
    """Worker processes of procrastinate, one job at a time each."""
    from procrastinate import SyncPsycopgConnector

    from bench.chaos.procrastinate_app import app, work

    command = ["-m", "procrastinate", "--app=bench.chaos.procrastinate_app.app", "worker", "--concurrency=1"]
    with app.replace_connector(SyncPsycopgConnector(conninfo=shared["DATABASE_URL"])) as here, here.open():
        here.schema_manager.apply_schema()

        def ask(number: int, seconds: float) -> None:
            work.defer(number=number, seconds=seconds)

        yield [Host(f"host{number}", command, 1, place, shared) for number in range(WORKERS)], ask


ENGINES = {"ours": ours, "django-q2": q2, "procrastinate": procrastinate}
SETTINGS = {"django-q2": "bench.chaos.q2_settings"}


def measure(name: str, seed: int, minutes: float) -> dict[str, Any]:
    """Return the figures of one engine, on a database of its own."""
    from bench.chaos import campaign
    from trainai import postgres

    with campaign.folder() as place:
        server = campaign.server(place, SETTINGS.get(name, "bench.chaos.settings"))
        shared = environment(server.url, place, free_port())
        try:
            with ENGINES[name](place, shared) as (hosts, ask):
                try:
                    live(hosts, ask, random.Random(seed), 60 * minutes)  # noqa: S311
                finally:
                    campaign.stop(hosts)
        finally:
            postgres.release(place)
        return figures(history.read(place / "history"))


def live(hosts: list[Host], ask: Ask, chance: random.Random, seconds: float) -> None:
    """Ask, kill, and then wait until all is done or the time to catch up is over."""
    ended = Ended()
    ask_noted(ask, 0, 0.1)
    wait(hosts, lambda: 0 in ended.numbers(), START_SECONDS)
    over, asked = time.monotonic() + seconds, 0
    next_ask, next_kill = time.monotonic(), time.monotonic() + KILL_SECONDS
    while time.monotonic() < over:
        if time.monotonic() >= next_ask:
            asked, next_ask = asked + 1, time.monotonic() + chance.expovariate(RATE_PER_SECOND)
            ask_noted(ask, asked, chance.uniform(0.5, 1.5))
        if time.monotonic() >= next_kill:
            next_kill = time.monotonic() + KILL_SECONDS
            kill_one(hosts, chance)
        wait(hosts, lambda: True, 0.05)
    note("calm")
    wait(hosts, lambda: len(ended.numbers()) > asked, CATCH_UP_SECONDS)
    note("over")


def ask_noted(ask: Ask, number: int, seconds: float) -> None:
    """Ask, and note that it was acknowledged."""
    ask(number, seconds)
    note("acked", number=number)


def kill_one(hosts: list[Host], chance: random.Random) -> None:
    """Kill any one process."""
    if tree := [process for host in hosts for process in host.tree()]:
        victim = chance.choice(tree)
        note("killed", pid=victim.pid)
        send([victim], signal.SIGKILL)


def wait(hosts: list[Host], ready: Callable[[], bool], seconds: float) -> None:
    """Keep the hosts running until `ready` or the time is over."""
    until = time.monotonic() + seconds
    while True:
        for host in hosts:
            host.tend()
        if time.monotonic() >= until or ready():
            return
        time.sleep(0.02)


class Ended:
    """Which tasks have ended, read from the history as it grows."""

    def __init__(self) -> None:
        self._folder = Path(os.environ[history.FOLDER])

    def numbers(self) -> set[int]:
        """Return their numbers; looking costs reading every file."""
        time.sleep(0.2)
        return {event["number"] for event in history.read(self._folder) if event["kind"] == "ended"}


def main() -> None:
    """Measure one engine and print its figures as JSON."""
    parser = argparse.ArgumentParser(prog="bench.chaos.rivals", description=__doc__)
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=1.0)
    options = parser.parse_args()
    json.dump(measure(options.engine, options.seed, options.minutes), sys.stdout)


if __name__ == "__main__":
    main()
