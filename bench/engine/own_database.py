"""A database for one run, beside the installation's."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg


@contextmanager
def own_database() -> Iterator[str]:
    """Make it, give its address, and drop it afterwards."""
    given = os.environ.get("DATABASE_URL")
    if not given:
        from trainai import postgres

        given = postgres.acquire(Path(os.environ.get("VAR_DIR", "var")).resolve()).url
    name = f"bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
