"""Whose turn it is to write to an upload: one request at a time, on any host, and the newest one wins."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from trainai import database
from trainings.models import Upload
from trainings.upload_locks import Locks

WAIT_SECONDS = 5.0
"""How long the newest request waits for an older one to stop."""
POLL_SECONDS = 0.02
ASK_SECONDS = 0.5
"""How often a writer asks whether a newer one has come; a newer one waits about this long."""

shared = Locks()
"""Of all requests of this process."""


class TurnRefused(Exception):
    """Another request has the upload and keeps it, or a newer one than this has come."""


class Turn:
    """The right to write to one upload, for as long as the block lasts."""

    def __init__(self, upload_id: uuid.UUID, writer: uuid.UUID) -> None:
        self._upload_id = upload_id
        self._writer = writer
        self._asked_at = time.monotonic()

    def is_over(self) -> bool:
        """Return whether a newer request wants to write. Cheap: it asks the database twice a second, and keeps no
        connection of the pool."""
        now = time.monotonic()
        if now - self._asked_at < ASK_SECONDS:
            return False
        self._asked_at = now
        newest = _is_newest(self._upload_id, self._writer)
        database.give_back()
        return not newest

    def holds(self) -> bool:
        """Return whether nobody else has the upload by now."""
        return Upload.objects.filter(pk=self._upload_id, holder=self._writer).exists()


@contextmanager
def take(upload_id: uuid.UUID) -> Iterator[Turn]:
    """Hold the upload's lock, and its row's `holder`: a row that is read from now on can be stored. Raises TurnRefused
    when the lock cannot be had within five seconds."""
    writer = uuid.uuid4()
    if not shared.take(upload_id):
        _wait_for_lock(upload_id, writer)
    try:
        # Waits for what the one before may just be storing.
        Upload.objects.filter(pk=upload_id).update(writer=writer, holder=writer)
        yield Turn(upload_id, writer)
    finally:
        shared.give_back(upload_id)


@contextmanager
def take_if_free(upload_id: uuid.UUID, locks: Locks) -> Iterator[bool]:
    """Hold the lock when nobody else does; yields whether that is so. Never disturbs a writer."""
    taken = locks.take(upload_id)
    try:
        yield taken
    finally:
        if taken:
            locks.give_back(upload_id)


def _wait_for_lock(upload_id: uuid.UUID, writer: uuid.UUID) -> None:
    Upload.objects.filter(pk=upload_id).update(writer=writer)
    deadline = time.monotonic() + WAIT_SECONDS
    while not shared.take(upload_id):
        if time.monotonic() > deadline or not _is_newest(upload_id, writer):
            raise TurnRefused
        database.give_back()
        time.sleep(POLL_SECONDS)


def _is_newest(upload_id: uuid.UUID, writer: uuid.UUID) -> bool:
    return Upload.objects.filter(pk=upload_id, writer=writer).exists()
