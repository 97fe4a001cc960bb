"""Django's database settings, from an address or from the embedded server."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from trainai.postgres.cluster import DATABASE, ROLE

EMBEDDED = "trainai.postgres.backend"
MOST_CONNECTIONS = 60
"""Of one web process: a server takes 100 unless it was told otherwise."""
WAIT_SECONDS = 20.0


def from_url(url: str, *, pooled: bool = False) -> dict[str, Any]:
    """Return the settings for a PostgreSQL connection URI (PostgreSQL manual, section 34.1.1.2).

    `pooled`: it leads to a pooler that gives each transaction another connection, where no cursor outlives one.
    """
    given = parameters("DATABASE_URL", url)
    return _settings(
        DISABLE_SERVER_SIDE_CURSORS=pooled,
        NAME=given.pop("dbname", ""),
        USER=given.pop("user", ""),
        PASSWORD=given.pop("password", ""),
        HOST=given.pop("host", ""),
        PORT=given.pop("port", ""),
        OPTIONS=given,
    )


def parameters(name: str, url: str) -> dict[str, Any]:
    """Return psycopg's parameters for the address in the variable `name`; none for an empty one."""
    try:
        return conninfo_to_dict(url)
    except ProgrammingError:
        raise ImproperlyConfigured(
            f"{name} is not a PostgreSQL address: write postgresql://user:password@host:port/name."
        ) from None


def embedded() -> dict[str, Any]:
    """Return the settings for the embedded server; `trainai.postgres.backend` fills in its address."""
    return _settings(ENGINE=EMBEDDED, NAME=DATABASE, USER=ROLE)


def share(settings: dict[str, Any]) -> None:
    """Let the requests of this process share connections.

    Under ASGI each request has a thread of its own and would open a connection of its own: 10 ms and more for every
    page. A request that finds none free waits for one, instead of being the one too many for the server.
    """
    settings["CONN_MAX_AGE"] = 0
    pool: dict[str, Any] = {"min_size": 2, "max_size": MOST_CONNECTIONS, "timeout": WAIT_SECONDS}
    if settings["ENGINE"] == EMBEDDED:
        from trainai.postgres.backend.connection import FoundConnection

        pool["connection_class"] = FoundConnection
    settings["OPTIONS"] = {**settings.get("OPTIONS", {}), "pool": pool}


def give_back() -> None:
    """Let others have this thread's connection while it waits for something slow; its next query takes one again."""
    if not connection.in_atomic_block:
        connection.close()


def _settings(**values: Any) -> dict[str, Any]:
    """Connections are kept and checked: a new one costs 15 ms with scram."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        **values,
    }
