"""A process's claim on the embedded server."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from trainai.postgres import cluster, keeper, locks
from trainai.postgres.errors import ServerUnavailable

_REPOSITORY = Path(__file__).resolve().parent.parent.parent

_guard = threading.Lock()
_held: dict[Path, locks.Lock] = {}
_keepers: list[subprocess.Popen[str]] = []


def _renew_guard() -> None:
    """A thread of the parent may have held the guard at the fork."""
    global _guard
    _guard = threading.Lock()


os.register_at_fork(after_in_child=_renew_guard)


@dataclass(frozen=True)
class Server:
    """How to connect. The port may change when the server is started again."""

    port: int
    password: str
    host: str = "127.0.0.1"
    user: str = cluster.ROLE
    database: str = cluster.DATABASE

    @property
    def url(self) -> str:
        """Return the address as a connection URI."""
        return f"postgresql://{self.user}:{self.password}@{self.host}:{self.port}/{self.database}"


def acquire(var_dir: Path, *, durable: bool = True) -> Server:
    """Return the server of `var_dir`, starting it if need be. It runs as long as this process does, or longer.

    Cheap to call again. `durable=False` is for tests: faster, but a power cut may destroy the data. Raises
    ServerUnavailable.
    """
    folder = var_dir / "postgres"
    with _guard:
        try:
            if folder not in _held:
                folder.mkdir(parents=True, exist_ok=True)
                _held[folder] = locks.shared(folder / "users.lock")
            starting = locks.exclusive(folder / "start.lock")
        except PermissionError:
            raise ServerUnavailable(f"{folder} belongs to another user: run as that user, or remove it.") from None
        try:
            _ensure_running(folder, durable)
        finally:
            starting.release()
    return Server(port=int((folder / "port").read_text()), password=(folder / "password").read_text())


def release(var_dir: Path) -> bool:
    """Give the claim back, if there is one; if it was the last, return when the server has stopped.

    Returns False when other processes still use the server.
    """
    folder = var_dir / "postgres"
    with _guard:
        held = _held.pop(folder, None)
    if held is None:
        return True
    held.release()
    noticed = time.monotonic() + 10 * keeper.POLL_SECONDS
    while _kept(folder):
        if time.monotonic() > noticed and _in_use(folder):
            return False
        time.sleep(keeper.POLL_SECONDS / 4)
    return True


def _ensure_running(folder: Path, durable: bool) -> None:
    """Return when the server takes connections; wait for one that is starting again, or is stopping."""
    while True:
        if not _kept(folder):
            _start_keeper(folder, durable)
        elif (folder / "port").exists():
            return
        else:
            time.sleep(keeper.POLL_SECONDS / 4)


def _kept(folder: Path) -> bool:
    lock = locks.try_exclusive(folder / "keeper.lock")
    if lock:
        lock.release()
    return lock is None


def _in_use(folder: Path) -> bool:
    """Whether others share the server; while it is being stopped the keeper holds their lock alone."""
    lock = locks.try_shared(folder / "users.lock")
    if lock:
        lock.release()
    return lock is not None


def _start_keeper(folder: Path, durable: bool) -> None:
    """Start the keeper in a session of its own, away from the terminal's Ctrl-C."""
    argv = [sys.executable, "-m", keeper.__name__, str(folder)] + ([] if durable else ["--not-durable"])
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            argv,
            cwd=_REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    assert process.stdout is not None  # noqa: S101
    with process.stdout:
        answer = process.stdout.read().strip()
    _keepers.append(process)
    if answer != keeper.READY:
        process.wait()
        raise ServerUnavailable(answer or f"PostgreSQL's keeper died at its start: see {folder / 'log'}.")
