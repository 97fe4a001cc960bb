"""procrastinate's application, as its guide's quick start makes one."""

from __future__ import annotations

import os

from procrastinate import App, PsycopgConnector

from bench.peers import bell

app = App(connector=PsycopgConnector(conninfo=os.environ.get("DATABASE_URL", "")))


def _noop(ring: bool) -> None:
    """Do nothing."""
    if ring:
        bell.ring()


noop = app.task(name="noop")(_noop)
