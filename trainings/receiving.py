"""Bytes on their way from a request into an upload's file. An offset is told to nobody before it is on disk."""

from __future__ import annotations

import errno
import hmac
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Protocol

from django.db import transaction
from django.http import UnreadablePostError

from trainings import quota
from trainings.models import Upload
from trainings.models.upload import next_expiry
from trainings.tus_headers import Checksum, Digest
from trainings.upload_turns import Turn

PIECE_BYTES = 256 * 1024
"""Read and written at once: what a request costs in memory."""
SETTLE_BYTES = 16 * 2**20
"""Made durable in between, so that a server that dies in a long request loses no more than this."""
RESERVE_BYTES = 64 * 2**20
"""Left free on the disk for everybody else, the database first of all."""


class NoSpace(Exception):
    """The disk is full. What was settled before stays."""


class ChecksumMismatch(Exception):
    """The piece is not what its checksum says; nothing of it was kept."""


class TooManyBytes(Exception):
    """More came than the upload can hold; nothing of it was kept."""


class Body(Protocol):
    """What the bytes are read from: a request."""

    def read(self, size: int, /) -> bytes: ...


def make_file(upload: Upload) -> None:
    """Make the empty file of a new upload, so that it survives a crash of the machine."""
    with _space_errors():
        upload.path.parent.mkdir(parents=True)
        upload.path.touch(exist_ok=False)
        for folder in (upload.path.parent, upload.path.parent.parent, upload.path.parent.parent.parent):
            _sync_folder(folder)


def require_space(folder: Path, needed: int) -> None:
    """Raise NoSpace when `needed` bytes more would eat into the reserve of the disk that holds `folder`."""
    while not folder.exists():
        folder = folder.parent
    if shutil.disk_usage(folder).free < needed + RESERVE_BYTES:
        raise NoSpace


def receive(upload: Upload, body: Body, *, limit: int, turn: Turn, checksum: Checksum | None = None) -> None:
    """Append what `body` holds to the upload, up to `limit` bytes in all, and move `upload.offset`.

    A body that breaks off, or a turn that is over, keeps what came so far; with a checksum it is all or nothing.
    However this ends, `upload.offset` is what is on disk; the caller stores it in the row. (A long body is stored
    in the row in between as well.)
    """
    with _open(upload) as file:
        try:
            digest = checksum.new_digest() if checksum else None
            position = _copy(upload, body, file, limit, turn, digest)
            if checksum and digest and not hmac.compare_digest(digest.digest(), checksum.expected):
                raise ChecksumMismatch
            _settle(upload, file, position)
        except (NoSpace, TooManyBytes, ChecksumMismatch, quota.Exceeded):
            file.truncate(upload.offset)
            raise


def cut_back(upload: Upload) -> None:
    """Cut off what lies behind the offset."""
    with _open(upload):
        pass


def _copy(upload: Upload, body: Body, file: FileIO, limit: int, turn: Turn, digest: Digest | None) -> int:
    """Copy piece by piece; return the position reached, which is not settled yet."""
    position = upload.offset
    for piece in _pieces(body):
        if position + len(piece) > limit:
            raise TooManyBytes
        _write(file, piece)
        position += len(piece)
        if digest:
            digest.update(piece)
        # The last byte is stored by the caller alone, together with what follows from it.
        elif position - upload.offset >= SETTLE_BYTES and position < limit:
            _sync(file)
            _store(upload, position)
        if turn.is_over():
            break
    return position


def _pieces(body: Body) -> Iterator[bytes]:
    """Read the body to its end, or to where the connection broke."""
    try:
        while piece := body.read(PIECE_BYTES):
            yield piece
    except UnreadablePostError:
        return


@contextmanager
def _open(upload: Upload) -> Iterator[FileIO]:
    """Open the file at the offset. Bytes behind it were never settled and are cut off."""
    with _space_errors(), upload.path.open("r+b", buffering=0) as file:
        file.truncate(upload.offset)
        file.seek(upload.offset)
        yield file


def _write(file: FileIO, piece: bytes) -> None:
    """Write all of it: a full disk takes a part first and refuses the rest."""
    with _space_errors():
        rest = memoryview(piece)
        while rest:
            rest = rest[file.write(rest) or 0 :]


def _settle(upload: Upload, file: FileIO, position: int) -> None:
    _sync(file)
    upload.offset = position
    upload.expires_at = next_expiry()


def _sync(file: FileIO) -> None:
    with _space_errors():
        os.fsync(file.fileno())


def _store(upload: Upload, position: int) -> None:
    """Put what is on disk into the row, when the company has the space for it."""
    with transaction.atomic():
        quota.claim_growth(upload, position if upload.size is None else upload.size)
        upload.offset = position
        upload.expires_at = next_expiry()
        upload.save(update_fields=["offset", "expires_at"])


@contextmanager
def _space_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise NoSpace from error
        raise


def _sync_folder(folder: Path) -> None:
    """A new name is durable only when its folder is (fsync(2))."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
