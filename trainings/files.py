"""Files for jobs: from the storage to a local path and back, its troubles as errors of the engine."""

from __future__ import annotations

import datetime
import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils import timezone

from jobs.errors import PermanentError, TemporaryError, WaitUntil
from trainings.providers import Work
from trainings.storages import media_storage
from trainings.storages.errors import StorageTrouble

NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
TROUBLE_SECONDS = 20
"""How long a job waits before it asks a storage again that is away or refuses us. Waiting uses up no attempt: whoever
mends the bucket or the keys has nothing else to do."""


def disk_full(detail: str) -> TemporaryError:
    """Return the error for a disk without space."""
    return TemporaryError(
        "disk_full", "The disk of the server is full. Free some space there; the work is then tried again.", detail
    )


def local(name: str, work: Work) -> Path:
    """Return a local path with the content of `name`, copied into the work's scratch only where it lies elsewhere.

    Raises `PermanentError` `missing_file` when the storage does not have it.
    """
    with _told():
        try:
            return media_storage().fetch(name, work.scratch, work.check)
        except FileNotFoundError as error:
            raise PermanentError(
                "missing_file", "The recording is no longer on the server. Upload it again.", str(error)
            ) from error


def store(source: Path, name: str) -> None:
    """Move the file `source` to the storage under `name`, in place of what was there."""
    with _told():
        media_storage().put(source, name)


def store_folder(source: Path, name: str) -> None:
    """Move the folder `source` to the storage under the new `name`. On failure nothing of it is left there, unless
    the storage itself is away; the next attempt then deletes what is."""
    try:
        with _told():
            media_storage().put_folder(source, name)
    except WaitUntil:
        raise
    except BaseException:
        delete_folder(name)
        raise


def folders(name: str) -> list[str]:
    """Return the names of the folders directly in the folder `name`; none when it does not exist."""
    with _told():
        return media_storage().folders(name)


def names(name: str) -> list[str]:
    """Return the names of the files directly in the folder `name`; none when it does not exist."""
    with _told():
        return media_storage().names(name)


def delete(name: str) -> None:
    """Delete the file `name`. Deleting twice is no error."""
    with _told():
        media_storage().remove(name)


def delete_folder(name: str) -> None:
    """Delete the folder `name` with all it holds. Deleting twice is no error."""
    with _told():
        media_storage().remove_folder(name)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except StorageTrouble as trouble:
        again = timezone.now() + datetime.timedelta(seconds=TROUBLE_SECONDS)
        raise WaitUntil(again, trouble.code, trouble.message, trouble.detail) from trouble
    except OSError as error:
        if error.errno in NO_SPACE:
            raise disk_full(str(error)) from error
        raise
