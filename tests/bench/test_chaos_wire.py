"""The wire between the hosts of a campaign and PostgreSQL loses what it is told to lose, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from bench.chaos import history
from bench.chaos.proxy import Frames, Proxy

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Proxy:
    monkeypatch.setenv(history.FOLDER, str(tmp_path))
    history._file.cache_clear()
    made = Proxy(int(connection.get_connection_params()["port"]))
    made.start()
    return made


@pytest.fixture
def client(proxy: Proxy) -> Iterator[psycopg.Connection[Any]]:
    """A connection through the wire, with a table of its own."""
    given = {**connection.get_connection_params(), "port": proxy.port, "cursor_factory": psycopg.Cursor}
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE wire_seen (word text)")
    yield psycopg.connect(**given, autocommit=True)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE wire_seen")


def seen() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM wire_seen")
        return [row[0] for row in cursor.fetchall()]


def test_what_is_not_to_be_lost_arrives(client: psycopg.Connection[Any]) -> None:
    client.execute("INSERT INTO wire_seen VALUES (%s)", ["kept"])
    row = client.execute("SELECT word, repeat('x', 200000) FROM wire_seen").fetchone()
    assert row
    assert (row[0], len(row[1])) == ("kept", 200_000)


def test_a_commit_is_done_and_its_answer_is_lost(proxy: Proxy, client: psycopg.Connection[Any]) -> None:
    proxy.to_lose = 1
    client.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError):
        client.execute("INSERT INTO wire_seen VALUES ('unheard')")
    assert seen() == ["unheard"]
    assert proxy.to_lose == 0


def test_within_a_transaction_only_the_commit_is_lost(proxy: Proxy, client: psycopg.Connection[Any]) -> None:
    client.execute("BEGIN")
    proxy.to_lose = 1
    client.execute("INSERT INTO wire_seen VALUES ('unheard')")
    with pytest.raises(psycopg.OperationalError):
        client.execute("COMMIT")
    assert seen() == ["unheard"]


def test_notifications_are_swallowed_while_it_is_deaf(proxy: Proxy, client: psycopg.Connection[Any]) -> None:
    client.execute("LISTEN wire")
    proxy.deaf = True
    client.execute("NOTIFY wire, 'unheard'")
    assert proxy.swallowed == 1
    proxy.deaf = False
    client.execute("NOTIFY wire, 'heard'")
    assert [note.payload for note in client.notifies(timeout=10, stop_after=1)] == ["heard"]


def test_frames_are_cut_wherever_the_stream_is() -> None:
    stream = b"Z\0\0\0\x05I" + b"C\0\0\0\x0bCOMMIT\0"
    for at in range(len(stream)):
        frames = Frames()
        assert [*frames.cut(stream[:at]), *frames.cut(stream[at:])] == [stream[:6], stream[6:]]
