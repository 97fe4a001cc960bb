"""A PostgreSQL of the bench's own, for more connections than an installation's has."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg

from bench.ports import free_port
from trainai.postgres.cluster import DATABASE, FAST_SHUTDOWN, ROLE, Cluster

CONNECTIONS = 2100


@contextmanager
def database(folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Give its address and its first process."""
    place = folder / "postgres"
    place.mkdir()
    cluster, port = Cluster(place), free_port()
    cluster.ensure_made()
    with (folder / "postgres.log").open("wb") as log:
        process = cluster.start(port, log, durable=True, connections=CONNECTIONS)
    url = f"postgresql://{ROLE}:{(place / 'password').read_text()}@127.0.0.1:{port}/{DATABASE}"
    try:
        _wait(url)
        os.environ |= {"DATABASE_URL": url, "VAR_DIR": str(folder), "SECRET_KEY": "crowd"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "bench.crowd.settings"
        yield url, psutil.Process(process.pid)
    finally:
        process.send_signal(FAST_SHUTDOWN)
        process.wait()


def _wait(url: str) -> None:
    for _ in range(300):
        with suppress(psycopg.OperationalError), psycopg.connect(url):
            return
        time.sleep(0.1)
    raise RuntimeError("PostgreSQL did not start")
