"""Resident workers let the server plan their statements: it must know the type of each parameter."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg.pq import ExecStatus

from jobs import sql

NAMES = sorted(path.stem for path in Path(sql.__file__).parent.glob("*.sql"))


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_the_server_can_prepare_the_statement(name: str) -> None:
    with psycopg.connect(**connection.get_connection_params()) as raw:
        result = raw.pgconn.prepare(b"", numbered(sql.load(name)).encode())
        assert result.status == ExecStatus.COMMAND_OK, result.error_message.decode()


def numbered(statement: str) -> str:
    """Return the statement with the server's own placeholders, the same one for each use of a name."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found[1] not in names:
            names.append(found[1])
        return f"${names.index(found[1]) + 1}"

    return re.sub(r"%\((\w+)\)s", number, re.sub(r"\{\w+\}", "", statement)).replace("%%", "%")
