"""The static files: whether they must be collected again, and what their answers say."""

import hashlib
from pathlib import Path
from wsgiref.headers import Headers

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders


def add_headers(headers: Headers, path: str, url: str) -> None:
    """Keep browsers to the type we say (Fetch standard, section 3.6): these answers pass no middleware."""
    headers["X-Content-Type-Options"] = "nosniff"


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
