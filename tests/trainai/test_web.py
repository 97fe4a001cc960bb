"""The web process as it is shipped: shared connections to the database, small frames on the WebSocket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from jobs import consumers
from tests.trainings.real_server import RealServer, running
from trainai import web
from trainai.accounts.models import User

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


def page(server: RealServer, user: User) -> ClientConnection:
    """Open the line of somebody's page."""
    client = Client()
    client.force_login(user)
    cookie = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
    return connect(f"ws://127.0.0.1:{server.address[1]}/ws/jobs/", additional_headers=cookie, proxy=None)


def test_requests_share_connections_and_outlive_them(server: RealServer) -> None:
    assert httpx.get(f"{server.url}/readyz", timeout=60).json()["database"] == "ok"
    opened = connections()
    for _ in range(5):
        assert httpx.get(f"{server.url}/readyz", timeout=60).json()["database"] == "ok"
    assert connections() & opened == opened
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) pid", [list(opened)])
    assert httpx.get(f"{server.url}/readyz", timeout=60).json()["database"] == "ok"


def test_a_frame_larger_than_any_page_sends_ends_the_line(server: RealServer, alice: User) -> None:
    with page(server, alice) as line:
        line.recv(60)
        line.send("x" * (web.MAX_FRAME_BYTES + 1))
        with pytest.raises(ConnectionClosed) as closed:
            line.recv(60)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1009  # RFC 6455, 7.4.1: too big


def log_out(alice: User) -> None:
    Session.objects.all().delete()


def leave_the_company(alice: User) -> None:
    alice.memberships.all().delete()


@pytest.mark.parametrize("end", [log_out, leave_the_company])
def test_an_open_page_whose_right_has_ended_is_closed(
    server: RealServer, alice: User, end: Callable[[User], None]
) -> None:
    """With the interval that is shipped; `tests/jobs/test_live.py` has all the ways in which a right ends."""
    with page(server, alice) as line:
        line.recv(60)
        end(alice)
        with pytest.raises(ConnectionClosed) as closed:
            line.recv(60)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == consumers.NOT_LOGGED_IN
