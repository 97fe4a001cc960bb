"""Recordings and made files: from the storage to a local path and back, whole or not at all.

With the file system as storage nothing is copied to read, and what is stored appears by one rename. Any other
storage of Django is copied through a folder of the attempt's own.
"""

from __future__ import annotations

import errno
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage

from jobs.errors import PermanentError, TemporaryError

NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def disk_full(detail: str) -> TemporaryError:
    """Return the error for a disk without space."""
    return TemporaryError(
        "disk_full", "The disk of the server is full. Free some space there; the work is then tried again.", detail
    )


def local(name: str, scratch: Path) -> Path:
    """Return a local path with the content of `name`, copied into `scratch` only where the storage is elsewhere.

    Raises `PermanentError` `missing_file` when the storage does not have it.
    """
    try:
        if path := _path(name):
            path.stat()
            return path
        copy = scratch / uuid.uuid4().hex
        with _space_errors(), default_storage.open(name) as source, copy.open("wb") as target:
            shutil.copyfileobj(source, target)
        return copy
    except FileNotFoundError as error:
        raise PermanentError(
            "missing_file", "The recording is no longer on the server. Upload it again.", str(error)
        ) from error


def store(source: Path, name: str) -> None:
    """Move the file `source` to the storage under `name`, in place of what was there."""
    with _space_errors():
        if path := _path(name):
            _move(source, path)
            return
        default_storage.delete(name)
        with source.open("rb") as file:
            default_storage.save(name, File(file))


def store_folder(source: Path, name: str) -> None:
    """Move the folder `source` to the storage under the new `name`. On failure nothing of it is left there."""
    try:
        with _space_errors():
            if path := _path(name):
                _move(source, path)
                return
            for file in sorted(path for path in source.rglob("*") if path.is_file()):
                store(file, f"{name}/{file.relative_to(source).as_posix()}")
    except BaseException:
        delete_folder(name)
        raise


def folders(name: str) -> list[str]:
    """Return the names of the folders directly in the folder `name`; none when it does not exist."""
    return [f"{name}/{folder}" for folder in _listed(name)[0]]


def names(name: str) -> list[str]:
    """Return the names of the files directly in the folder `name`; none when it does not exist."""
    return [f"{name}/{file}" for file in _listed(name)[1]]


def delete(name: str) -> None:
    """Delete the file `name`. Deleting twice is no error."""
    default_storage.delete(name)


def delete_folder(name: str) -> None:
    """Delete the folder `name` with all it holds. Deleting twice is no error."""
    if path := _path(name):
        shutil.rmtree(path, ignore_errors=True)
        return
    for folder in folders(name):
        delete_folder(folder)
    for file in names(name):
        delete(file)


def _listed(name: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(name)
    except FileNotFoundError:
        return [], []


def _path(name: str) -> Path | None:
    try:
        return Path(default_storage.path(name))
    except NotImplementedError:
        return None


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


@contextmanager
def _space_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in NO_SPACE:
            raise disk_full(str(error)) from error
        raise
