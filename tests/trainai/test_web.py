"""The web process as it is shipped: its requests share connections to the database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.db import connection

from tests.trainings.real_server import RealServer, running

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RealServer]:
    with running(tmp_path / "media") as server:
        yield server


def connections() -> set[int]:
    """Return the server's processes for everybody but this test."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        return {row[0] for row in cursor.fetchall()}


def test_requests_share_connections_and_outlive_them(server: RealServer) -> None:
    assert httpx.get(f"{server.url}/readyz").json()["database"] == "ok"
    opened = connections()
    for _ in range(5):
        assert httpx.get(f"{server.url}/readyz").json()["database"] == "ok"
    assert connections() & opened == opened
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) pid", [list(opened)])
    assert httpx.get(f"{server.url}/readyz").json()["database"] == "ok"
