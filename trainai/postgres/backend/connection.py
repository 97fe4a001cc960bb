"""A pool's connection to the embedded server, which may have been started again since the pool was made."""

from __future__ import annotations

from typing import Any, Self

import psycopg
from django.conf import settings

from trainai import postgres


class FoundConnection(psycopg.Connection[Any]):
    """Asks for the server's address whenever it connects."""

    @classmethod
    def connect(cls, conninfo: str = "", **parameters: Any) -> Self:
        server = postgres.acquire(settings.VAR_DIR)
        address = {"host": server.host, "port": server.port, "password": server.password}
        return super().connect(conninfo, **{**parameters, **address})
