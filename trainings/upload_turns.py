"""Whose turn it is to write to an upload: one request at a time, on any host, and the newest one wins."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from jobs import wire
from trainings.models import Upload

Call = Callable[[str, uuid.UUID], bool]

WAIT_SECONDS = 5.0
"""How long the newest request waits for an older one to stop."""
POLL_SECONDS = 0.02
ASK_SECONDS = 0.5
"""How often a writer asks whether a newer one has come; a newer one waits about this long."""


class TurnRefused(Exception):
    """Another request has the upload and keeps it, or a newer one than this has come."""


class Turn:
    """The right to write to one upload, for as long as the block lasts."""

    def __init__(self, upload_id: uuid.UUID, writer: uuid.UUID) -> None:
        self._upload_id = upload_id
        self._writer = writer
        self._asked_at = time.monotonic()

    def is_over(self) -> bool:
        """Return whether a newer request wants to write. Cheap: it asks the database twice a second."""
        now = time.monotonic()
        if now - self._asked_at < ASK_SECONDS:
            return False
        self._asked_at = now
        return not _is_newest(self._upload_id, self._writer)


@contextmanager
def take(upload_id: uuid.UUID) -> Iterator[Turn]:
    """Hold the upload's lock. Raises TurnRefused when it cannot be had within five seconds.

    The lock is an advisory one of the database session: it holds across hosts, needs no open transaction while
    a slow client sends, and a killed process gives it back with its connection.
    """
    writer = uuid.uuid4()
    Upload.objects.filter(pk=upload_id).update(writer=writer)
    with _session() as call:
        _wait_for_lock(call, upload_id, writer)
        try:
            yield Turn(upload_id, writer)
        finally:
            call("SELECT pg_advisory_unlock(%s)", upload_id)


@contextmanager
def take_if_free(upload_id: uuid.UUID) -> Iterator[bool]:
    """Hold the lock when nobody else does; yields whether that is so. Never disturbs a writer."""
    with _session() as call:
        taken = call("SELECT pg_try_advisory_lock(%s)", upload_id)
        try:
            yield taken
        finally:
            if taken:
                call("SELECT pg_advisory_unlock(%s)", upload_id)


def _wait_for_lock(call: Call, upload_id: uuid.UUID, writer: uuid.UUID) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not call("SELECT pg_try_advisory_lock(%s)", upload_id):
        if time.monotonic() > deadline or not _is_newest(upload_id, writer):
            raise TurnRefused
        time.sleep(POLL_SECONDS)


def _is_newest(upload_id: uuid.UUID, writer: uuid.UUID) -> bool:
    return Upload.objects.filter(pk=upload_id, writer=writer).exists()


@contextmanager
def _session() -> Iterator[Call]:
    """Give what calls a function of locks, always in the same session of the database."""
    if not settings.DATABASE_DIRECT:
        yield _ask
        return
    with psycopg.connect(**wire.parameters()) as session:
        yield lambda statement, upload_id: _answer(session.execute(statement, [_key(upload_id)]))


def _ask(statement: str, upload_id: uuid.UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, [_key(upload_id)])
        return _answer(cursor)


def _answer(cursor: Any) -> bool:
    return bool(cursor.fetchone()[0])


def _key(upload_id: uuid.UUID) -> int:
    """Half of the id as the signed 64-bit number an advisory lock takes; the random half, for version 4 ids."""
    return int.from_bytes(upload_id.bytes[8:], signed=True)
