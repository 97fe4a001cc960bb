"""Media in a folder of this machine. Nothing is copied to be read, and what is put there appears by one rename."""

from __future__ import annotations

import datetime
import errno
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from trainings.storages import Arriving, Look
from trainings.storages.disk_incoming import DiskIncoming
from trainings.storages.errors import NoSpace

PIECE_BYTES = 256 * 1024
"""Read and sent at a time."""
RESERVE_BYTES = 64 * 2**20
"""Left free on the disk for everybody else, the database first of all."""


class DiskStorage(FileSystemStorage):
    """See `trainings.storages.MediaStorage`."""

    def require_space(self, needed: int) -> None:
        """Raise NoSpace when `needed` bytes more would eat into the reserve of the disk."""
        folder = Path(settings.MEDIA_ROOT)
        while not folder.exists():
            folder = folder.parent
        if shutil.disk_usage(folder).free < needed + RESERVE_BYTES:
            raise NoSpace

    def look(self, name: str) -> Look:
        """Return what is known of a file."""
        known = self._at(name).stat()
        return Look(known.st_size, datetime.datetime.fromtimestamp(known.st_mtime, datetime.UTC))

    def read(self, name: str, part: range) -> Iterator[bytes]:
        """Yield these bytes of a file."""
        with self._at(name).open("rb") as file:
            file.seek(part.start)
            left = len(part)
            while left and (piece := file.read(min(PIECE_BYTES, left))):
                left -= len(piece)
                yield piece

    def fetch(self, name: str, scratch: Path, check: Callable[[], None]) -> Path:
        """Return where the file lies."""
        path = self._at(name)
        path.stat()
        return path

    def put(self, source: Path, name: str) -> None:
        """Move a file here."""
        _move(source, self._at(name))

    def put_folder(self, source: Path, name: str) -> None:
        """Move a folder here."""
        _move(source, self._at(name))

    def folders(self, name: str) -> list[str]:
        """Return the names of the folders directly in a folder."""
        return [f"{name}/{path.name}" for path in self._listed(name) if path.is_dir()]

    def names(self, name: str) -> list[str]:
        """Return the names of the files directly in a folder."""
        return [f"{name}/{path.name}" for path in self._listed(name) if path.is_file()]

    def changed_at(self, folder: str) -> datetime.datetime | None:
        """Return when something was last put into a folder."""
        try:
            return datetime.datetime.fromtimestamp(self._at(folder).stat().st_mtime, datetime.UTC)
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        """Delete a file."""
        self._at(name).unlink(missing_ok=True)

    def remove_folder(self, name: str) -> None:
        """Delete a folder with all it holds."""
        shutil.rmtree(self._at(name), ignore_errors=True)

    def incoming(self, upload: Arriving) -> DiskIncoming:
        """Return the file that an upload's bytes are appended to."""
        return DiskIncoming(upload, self._at(upload.name))

    def probe(self) -> None:
        """Put a small file and delete it."""
        self.delete(self.save(f".ready/{uuid.uuid4()}", ContentFile(b"ready")))

    def _at(self, name: str) -> Path:
        return Path(self.path(name))

    def _listed(self, name: str) -> list[Path]:
        folder = self._at(name)
        return sorted(folder.iterdir()) if folder.is_dir() else []


def _move(source: Path, target: Path) -> None:
    """Move a file or folder, also from another file system, so that `target` is never there in part."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy_whole(source, target)


def _copy_whole(source: Path, target: Path) -> None:
    part = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
    try:
        # Not shutil.copytree: it goes on after an error and hides which one it was.
        for path in [source, *sorted(source.rglob("*"))]:
            copy = part / path.relative_to(source)
            copy.mkdir() if path.is_dir() else shutil.copyfile(path, copy)
        part.replace(target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True) if part.is_dir() else part.unlink(missing_ok=True)
        raise
