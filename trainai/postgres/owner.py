"""Which system user the server runs as: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainai.postgres.errors import ServerUnavailable

NAME = "trainai-postgres"


@dataclass(frozen=True)
class Owner:
    """A user and group by number; `switch` says whether we must become that user to start the server."""

    uid: int
    gid: int
    switch: bool

    def process_options(self) -> dict[str, Any]:
        """Return what `subprocess` needs to start a process as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}

    def own(self, path: Path) -> None:
        """Give `path` to this user."""
        if self.switch:
            os.chown(path, self.uid, self.gid)


def owner_of(data: Path) -> Owner:
    """Return who runs the server whose cluster is, or will be, in `data`."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid(), switch=False)
    if data.exists() and data.stat().st_uid != 0:
        return Owner(data.stat().st_uid, data.stat().st_gid, switch=True)
    return _service_user()


def _service_user() -> Owner:
    """Return a system user of our own, or one that every system has where none can be made.

    It must have an entry in the user database: initdb looks its own name up.
    """
    if not _known(NAME) and shutil.which("useradd"):
        subprocess.run(
            ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", NAME],
            check=False,
            capture_output=True,
        )
    for name in (NAME, "postgres", "nobody"):
        if entry := _known(name):
            return Owner(entry.pw_uid, entry.pw_gid, switch=True)
    raise ServerUnavailable(
        "PostgreSQL cannot run as root and no other user exists here: add one with `useradd --system postgres`."
    )


def _known(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None
