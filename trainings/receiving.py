"""Bytes on their way from a request into the storage. An offset is told to nobody before it is durable."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from typing import Protocol

from django.db import transaction
from django.http import UnreadablePostError

from trainai import database
from trainings import quota
from trainings.models import Upload
from trainings.models.upload import next_expiry
from trainings.storages import Sink
from trainings.tus_headers import Checksum, Digest
from trainings.upload_turns import Turn

PIECE_BYTES = 256 * 1024
"""Read and written at once: what a request costs in memory."""
SETTLE_BYTES = 16 * 2**20
"""Made durable in between, so that a server that dies in a long request loses no more than this."""


class ChecksumMismatch(Exception):
    """The piece is not what its checksum says; nothing of it was kept."""


class TooManyBytes(Exception):
    """More came than the upload can hold; nothing of it was kept."""


class Body(Protocol):
    """What the bytes are read from: a request."""

    def read(self, size: int, /) -> bytes: ...


def make(upload: Upload) -> None:
    """Make the place for a new upload's bytes. Raises NoSpace and StorageTrouble."""
    upload.incoming.make()
    if upload.multipart:
        upload.save(update_fields=["multipart"])


def receive(upload: Upload, body: Body, *, limit: int, turn: Turn, checksum: Checksum | None = None) -> None:
    """Append what `body` holds to the upload, up to `limit` bytes in all, and move `upload.offset`.

    A body that breaks off, or a turn that is over, keeps what came so far; with a checksum it is all or nothing.
    However this ends, `upload.offset` is what is durable; the caller stores it in the row. (A long body is stored
    in the row in between as well.) With the last byte the storage makes one file of it. Raises the storage's errors.
    """
    incoming = upload.incoming
    with incoming.open() as sink:
        try:
            digest = checksum.new_digest() if checksum else None
            _copy(upload, body, sink, limit, turn, digest)
            if checksum and digest and not hmac.compare_digest(digest.digest(), checksum.expected):
                raise ChecksumMismatch
            _settled(upload, sink.flush())
        except Exception:
            if turn.holds():
                sink.undo(upload.offset)
            raise
    if upload.is_complete:
        incoming.complete()


def cut_back(upload: Upload) -> None:
    """Cut off what lies behind the offset."""
    with upload.incoming.open():
        pass


def _copy(upload: Upload, body: Body, sink: Sink, limit: int, turn: Turn, digest: Digest | None) -> None:
    """Copy piece by piece."""
    position = upload.offset
    for piece in _pieces(body):
        if position + len(piece) > limit:
            raise TooManyBytes
        sink.write(piece)
        position += len(piece)
        if digest:
            digest.update(piece)
        # The last byte is stored by the caller alone, together with what follows from it.
        elif position - upload.offset >= SETTLE_BYTES and position < limit:
            _store(upload, sink.checkpoint())
        if turn.is_over():
            break


def _pieces(body: Body) -> Iterator[bytes]:
    """Read the body to its end, or to where the connection broke. Who waits for a client keeps no connection of the
    pool: there may be more slow clients than connections."""
    try:
        database.give_back()
        while piece := body.read(PIECE_BYTES):
            yield piece
            database.give_back()
    except UnreadablePostError:
        return


def _settled(upload: Upload, offset: int) -> None:
    upload.offset = offset
    upload.expires_at = next_expiry()


def _store(upload: Upload, position: int) -> None:
    """Put what is durable into the row, when the company has the space for it."""
    with transaction.atomic():
        quota.claim_growth(upload, position if upload.size is None else upload.size)
        _settled(upload, position)
        upload.store("offset", "expires_at")
