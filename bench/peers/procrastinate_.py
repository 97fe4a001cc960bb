"""procrastinate: PostgreSQL, LISTEN/NOTIFY, each job's row and events kept (its default)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg
from procrastinate import SyncPsycopgConnector

from bench.peers import peer
from bench.peers.procrastinate_app import app, noop

NAME = "procrastinate"


class Procrastinate:
    """Worker processes of one job at a time each, as ours are."""

    def __init__(self) -> None:
        self._look = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        self._noop = noop

    def workers(self, number: int) -> AbstractContextManager[None]:
        """Run `procrastinate worker` so often."""
        command = ["procrastinate", f"--app={app_path()}", "worker", "--concurrency=1"]
        return peer.running(*([command] * number))

    def enqueue(self, ring: bool) -> None:
        """Defer by its synchronous connector, with a pool of open connections."""
        self._noop.defer(ring=ring)

    def left(self) -> int:
        """Count what is to do or being done."""
        row = self._look.execute("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')").fetchone()
        return int(row[0]) if row else 0


@contextmanager
def opened() -> Iterator[Procrastinate]:
    """Make its tables and open it."""
    connector = SyncPsycopgConnector(conninfo=os.environ["DATABASE_URL"])
    with app.replace_connector(connector) as here, here.open():
        here.schema_manager.apply_schema()
        yield Procrastinate()


def app_path() -> str:
    """Return where its command line finds the application."""
    return "bench.peers.procrastinate_app.app"
