"""Whether the static files must be collected again."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders


def changed() -> bool:
    """Whether a source file came, went or changed since `remember`."""
    try:
        return _record().read_text() != _fingerprint()
    except FileNotFoundError:
        return True


def remember() -> None:
    """Note the state of the source files."""
    _record().write_text(_fingerprint())


def _record() -> Path:
    return Path(settings.STATIC_ROOT) / ".collected"


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
