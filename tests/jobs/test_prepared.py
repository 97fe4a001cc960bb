"""Resident workers let the server plan their statements: it must know the type of each parameter."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg.pq import ExecStatus

from jobs import prepared, sql

NAMES = sorted(path.stem for path in Path(sql.__file__).parent.glob("*.sql"))


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_the_server_can_prepare_the_statement(name: str) -> None:
    with psycopg.connect(**connection.get_connection_params()) as raw:
        text, _names = prepared.numbered(sql.load(name).replace("{only}", ""))
        result = raw.pgconn.prepare(b"", text.encode())
        assert result.status == ExecStatus.COMMAND_OK, result.error_message.decode()
