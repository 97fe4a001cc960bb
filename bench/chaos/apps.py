"""What differs in the processes of a campaign: the name of their host and, to test the checker, a broken statement."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from django.apps import AppConfig

HOST = "CHAOS_HOST"
"""Environment variable: what this process takes for its machine's name. Workers of two names are on two hosts."""
SQL = "CHAOS_SQL"
"""Environment variable: a folder whose statements stand in place of the engine's of the same name."""
MEET = "CHAOS_MEET"
"""Environment variable: the address of this machine that all hosts reach; unset, they are all at home on it."""
LEASE = "CHAOS_LEASE"
"""Environment variable: seconds of a lease, to spend less time on waiting for its end."""


def meeting_place() -> str:
    """Return the address at which till and wire are found."""
    return os.environ.get(MEET, "127.0.0.1")


class ChaosConfig(AppConfig):
    """An app, so that its `handlers` are found."""

    name = "bench.chaos"
    label = "chaos"

    def ready(self) -> None:
        from jobs import queries, sql

        if name := os.environ.get(HOST):
            socket.gethostname = lambda: name
        if seconds := os.environ.get(LEASE):
            queries.LEASE_SECONDS = float(seconds)
        if folder := os.environ.get(SQL):
            whole = sql.load
            broken = {path.stem: path.read_text() for path in Path(folder).glob("*.sql")}
            sql.load = lambda name: broken.get(name) or whole(name)  # type: ignore[assignment]
