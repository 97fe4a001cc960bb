"""On which port the web process of this folder can be asked, for commands in another terminal."""

from pathlib import Path

from django.conf import settings

from trainai.postgres import locks


def remember_port() -> None:
    """Note the port, once it is open."""
    _record().write_text(f"{settings.PORT}\n")


def port() -> int:
    """Return the port of the `up` that runs from this folder, else the one that the settings name."""
    lock = settings.VAR_DIR / "up.lock"
    if not (_record().exists() and lock.exists()):
        return int(settings.PORT)
    if held := locks.try_shared(lock):
        held.release()
        return int(settings.PORT)
    return int(_record().read_text())


def _record() -> Path:
    return Path(settings.VAR_DIR / "port")
