"""One lock an upload, which holds across hosts: advisory locks of PostgreSQL, all of a process in one session.

A lock needs neither a transaction nor a connection of its own while a slow client sends, so there may be more uploads
than connections. A process that dies gives all of its locks back with its session. Whoever only lost the session may
still be writing, and what a dead one stored last may still be on its way: `Upload.holder` keeps it from counting.
"""

from __future__ import annotations

import threading
import uuid
from typing import Any, Self

import psycopg

from jobs import wire

Session = psycopg.Connection[Any]


class Locks:
    """The locks that this process holds, whichever of its threads took them. Connects when the first is wanted."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._session: Session | None = None
        self._held: set[uuid.UUID] = set()
        """A session is let into its own lock again: threads are kept apart here."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def take(self, upload_id: uuid.UUID) -> bool:
        """Take the lock if it is free; return whether it was."""
        with self._guard:
            if upload_id in self._held or not self._try(upload_id):
                return False
            self._held.add(upload_id)
            return True

    def give_back(self, upload_id: uuid.UUID) -> None:
        """Let the next one have it. A session that has died gave it back already."""
        with self._guard:
            self._held.discard(upload_id)
            try:
                if self._session:
                    _ask(self._session, "SELECT pg_advisory_unlock(%s)", upload_id)
            except psycopg.OperationalError:
                self._drop()

    def close(self) -> None:
        """End the session, and with it every lock."""
        with self._guard:
            self._drop()

    def _try(self, upload_id: uuid.UUID) -> bool:
        """Ask in the session there is; when it was cut off since the last time, in a new one."""
        take = "SELECT pg_try_advisory_lock(%s)"
        try:
            if self._session:
                return _ask(self._session, take, upload_id)
        except psycopg.OperationalError:
            self._drop()
        self._session = psycopg.connect(**wire.parameters())
        return _ask(self._session, take, upload_id)

    def _drop(self) -> None:
        if self._session:
            self._session.close()
            self._session = None


def _ask(session: Session, statement: str, upload_id: uuid.UUID) -> bool:
    row = session.execute(statement, [_key(upload_id)]).fetchone()
    return bool(row and row[0])


def _key(upload_id: uuid.UUID) -> int:
    """Half of the id as the signed 64-bit number an advisory lock takes; the random half, for version 4 ids."""
    return int.from_bytes(upload_id.bytes[8:], signed=True)
