"""Django's database settings, from an address or from the embedded server."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from trainai.postgres.cluster import DATABASE, ROLE


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
    return _settings(ENGINE="trainai.postgres.backend", NAME=DATABASE, USER=ROLE)


def _settings(**values: Any) -> dict[str, Any]:
    """Connections are kept and checked: a new one costs 15 ms with scram."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        **values,
    }
