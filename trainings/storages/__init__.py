"""Where media lie: a folder of this machine, or a bucket that every host reaches. See README.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, cast
from uuid import UUID

from django.core.files.storage import default_storage


@dataclass(frozen=True)
class Look:
    """What is known of a file without reading it: bytes, and when it was written."""

    size: int
    changed: datetime


class Arriving(Protocol):
    """The part of an `Upload` that a storage needs."""

    id: UUID
    size: int | None
    offset: int
    multipart: str

    @property
    def name(self) -> str: ...


class Sink(Protocol):
    """Takes the bytes of one request, behind the offset that the row tells."""

    def write(self, piece: bytes) -> None:
        """Take a piece, whole."""

    def checkpoint(self) -> int:
        """Make durable what can be made so cheaply; return the offset up to which everything is."""

    def flush(self) -> int:
        """Make everything durable; return the offset."""

    def undo(self, offset: int) -> None:
        """Forget what lies behind the offset."""


class Incoming(Protocol):
    """The bytes of one upload, from its first to its last. Only the holder of the upload's turn calls it."""

    def make(self) -> None:
        """Make the place for a new upload."""

    def holds(self) -> bool:
        """Return whether the storage still has what the row promises; a lost or restored one may not."""

    def open(self) -> AbstractContextManager[Sink]:
        """Open for a request's bytes. Raises `errors.Lost`."""

    def complete(self) -> None:
        """Make the one file of it, now that every byte has come. Doing it twice is no error."""

    def discard(self) -> None:
        """Delete whatever came. Doing it twice is no error."""


class MediaStorage(Protocol):
    """What the product asks of a storage, beside Django's own verbs. Names are as Django's: relative, with slashes.

    A file that is not there is a FileNotFoundError; a storage that cannot be used is `errors.StorageTrouble`.
    """

    def require_space(self, needed: int) -> None:
        """Raise `errors.NoSpace` when `needed` bytes more would not fit."""

    def look(self, name: str) -> Look:
        """Return what is known of a file."""

    def read(self, name: str, part: range) -> Iterator[bytes]:
        """Yield these bytes of a file, piece by piece."""

    def fetch(self, name: str, scratch: Path, check: Callable[[], None]) -> Path:
        """Return a local path with the file's content, copied into the folder `scratch` where it lies elsewhere.

        `check` is called again and again; what it raises ends the copying.
        """

    def put(self, source: Path, name: str) -> None:
        """Move the local file `source` here, in place of what was there."""

    def put_folder(self, source: Path, name: str) -> None:
        """Move the local folder `source` here under a new name. A failure may leave a part of it."""

    def folders(self, name: str) -> list[str]:
        """Return the names of the folders directly in a folder; none when it does not exist."""

    def names(self, name: str) -> list[str]:
        """Return the names of the files directly in a folder; none when it does not exist."""

    def changed_at(self, folder: str) -> datetime | None:
        """Return when something was last put into a folder; None when it is not there."""

    def remove(self, name: str) -> None:
        """Delete a file. Doing it twice is no error."""

    def remove_folder(self, name: str) -> None:
        """Delete a folder with all it holds. Doing it twice is no error."""

    def incoming(self, upload: Arriving) -> Incoming:
        """Return the place for an upload's bytes."""

    def probe(self) -> None:
        """Put a small file, read it and delete it; what this raises is what is wrong."""


def media_storage() -> MediaStorage:
    """Return the storage that the settings name."""
    return cast("MediaStorage", default_storage)
