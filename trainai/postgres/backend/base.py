"""Django's PostgreSQL backend on the embedded server, which starts with the first connection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base, client

from trainai import postgres
from trainai.postgres import binaries


class DatabaseClient(client.DatabaseClient):
    """`manage.py dbshell` with the psql of the same wheel."""

    executable_name = "psql"

    def runshell(self, parameters: Iterable[str]) -> None:
        type(self).executable_name = str(binaries.wheel() / "psql")
        self.connection.get_connection_params()
        super().runshell(list(parameters))


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose address is found, and whose server is started, when it is opened."""

    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        try:
            server = postgres.acquire(settings.VAR_DIR)
        except postgres.ServerUnavailable as error:
            raise ImproperlyConfigured(str(error)) from None
        self.settings_dict |= {"HOST": server.host, "PORT": server.port, "PASSWORD": server.password}
        parameters: dict[str, Any] = super().get_connection_params()
        return parameters
