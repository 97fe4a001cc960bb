"""An upload's bytes as one growing file."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from trainings.storages import Arriving
from trainings.storages.errors import Lost, NoSpace


class DiskIncoming:
    """See `trainings.storages.Incoming`."""

    def __init__(self, upload: Arriving, path: Path) -> None:
        self._upload = upload
        self._path = path

    def make(self) -> None:
        """Make the empty file, so that it survives a crash of the machine."""
        with _space_errors():
            self._path.parent.mkdir(parents=True)
            self._path.touch(exist_ok=False)
            for folder in (self._path.parent, self._path.parent.parent, self._path.parent.parent.parent):
                _sync_folder(folder)

    def holds(self) -> bool:
        """Return whether the disk has what the offset promises."""
        try:
            return self._path.stat().st_size >= self._upload.offset
        except FileNotFoundError:
            return False

    @contextmanager
    def open(self) -> Iterator[DiskSink]:
        """Open the file at the offset. Bytes behind it were never settled and are cut off."""
        if not self.holds():
            raise Lost
        with _space_errors(), self._path.open("r+b", buffering=0) as file:
            file.truncate(self._upload.offset)
            file.seek(self._upload.offset)
            yield DiskSink(file)

    def complete(self) -> None:
        """It is one file already."""

    def discard(self) -> None:
        """Delete the file."""
        shutil.rmtree(self._path.parent, ignore_errors=True)


class DiskSink:
    """See `trainings.storages.Sink`."""

    def __init__(self, file: FileIO) -> None:
        self._file = file

    def write(self, piece: bytes) -> None:
        """Write all of it: a full disk takes a part first and refuses the rest."""
        with _space_errors():
            rest = memoryview(piece)
            while rest:
                rest = rest[self._file.write(rest) or 0 :]

    def checkpoint(self) -> int:
        """Have it on the disk itself."""
        with _space_errors():
            os.fsync(self._file.fileno())
        return self._file.tell()

    def flush(self) -> int:
        """Have it on the disk itself."""
        return self.checkpoint()

    def undo(self, offset: int) -> None:
        """Cut off what lies behind the offset."""
        self._file.truncate(offset)


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
