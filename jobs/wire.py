"""Connections of our own beside Django's: for threads and event loops that listen."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from jobs import queries

_ADDRESS = {"dbname", "user", "password", "host", "port", "options", "service", "sslmode", "sslrootcert"}


def end_idle_transactions(sender: Any, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Receiver of `connection_created`: who is frozen within a transaction loses its locks with its lease.

    Not through a pooler: what is set there stays for whoever gets the connection next; the pooler has a limit itself.
    """
    if settings.DATABASE_DIRECT:
        return
    with connection.cursor() as cursor:
        seconds = f"{queries.LEASE_SECONDS:.0f}s"
        cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, false)", [seconds])


def parameters(**session: str) -> dict[str, Any]:
    """Return psycopg's connection parameters for a session of our own with Django's database, around a pooler if there
    is one, quick to notice a dead network.

    `session` are server settings of the session, such as `synchronous_commit="off"`.
    """
    given = settings.DATABASE_DIRECT or connection.get_connection_params()
    known = {key: value for key, value in given.items() if key in _ADDRESS}
    options = " ".join([known.get("options") or "", *(f"-c {name}={value}" for name, value in session.items())])
    return {
        **known,
        "options": options.strip(),
        "connect_timeout": 3,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 8000,
        "autocommit": True,
        "application_name": "trainai-jobs",
    }
