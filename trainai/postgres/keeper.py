"""The keeper: starts the server, starts it again if it dies, stops it when the last process that uses it is gone.

Run as `python -m trainai.postgres.keeper FOLDER [--not-durable]` by `lease.py`. It answers with one line on its
standard output, `ready` or the sentence that says why not, and then says no more.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from trainai.postgres import cluster, locks
from trainai.postgres.errors import ServerUnavailable

READY = "ready"
POLL_SECONDS = 0.2
START_ATTEMPTS = 10


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--not-durable", action="store_true")
    given = parser.parse_args()
    keeper = Keeper(given.folder, durable=not given.not_durable)
    try:
        keeper.start()
    except (ServerUnavailable, OSError) as error:
        _answer(str(error))
        sys.exit(1)
    _answer(READY)
    keeper.keep()


class Keeper:
    """One server's life."""

    server: subprocess.Popen[bytes]

    def __init__(self, folder: Path, *, durable: bool) -> None:
        self.folder = folder
        self.durable = durable
        self.told_to_stop = False
        self.log: IO[bytes] = (folder / "log").open("ab")
        self.lock = locks.exclusive(folder / "keeper.lock")
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._tell_to_stop)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])  # whoever started us may have blocked them

    def start(self) -> None:
        """Start the server and wait until it takes connections; raise ServerUnavailable when it does not."""
        if (self.folder / "port").exists():  # left by a keeper that was killed
            self._withdraw_port()
        self.cluster = cluster.Cluster(self.folder)
        self.cluster.ensure_made()
        self._end_predecessor()
        for _ in range(START_ATTEMPTS):
            if self._start_once():
                return
            time.sleep(POLL_SECONDS)
        raise ServerUnavailable(f"PostgreSQL does not start: {self._last_complaint()} See {self.folder / 'log'}.")

    def keep(self) -> None:
        """Return when the server has been stopped because nobody uses it any more, or because we were told to."""
        while not self.told_to_stop:
            # Held until this process has ended: who comes now waits, and then starts a server anew.
            if locks.try_exclusive(self.folder / "users.lock"):
                break
            if self.server.poll() is not None:
                self.start()  # it died; its clients connect again by themselves
            time.sleep(POLL_SECONDS)
        self._withdraw_port()
        cluster.stop(self.server)

    def _start_once(self) -> bool:
        port = _free_port(self.folder / "last_port")
        self.server = self.cluster.start(port, self.log, durable=self.durable)
        while self.server.poll() is None:
            if self._accepts_connections():
                (self.folder / "port").write_text(str(port))
                return True
            time.sleep(0.02)
        return False

    def _withdraw_port(self) -> None:
        """Let nobody connect any more; remember the port for the next start."""
        (self.folder / "port").replace(self.folder / "last_port")

    def _accepts_connections(self) -> bool:
        """Read PostgreSQL's own word: line 1 of its lock file is its process, line 8 its state (miscinit.h)."""
        try:
            lines = (self.cluster.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(self.server.pid) and lines[7].strip() == "ready"

    def _end_predecessor(self) -> None:
        """Wait for a server whose keeper was killed; delete the lock file of one that is gone.

        PostgreSQL alone would refuse to start when another process has got the number in that file.
        """
        lock_file = self.cluster.data / "postmaster.pid"
        try:
            process = int(lock_file.read_text().split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return
        deadline = time.monotonic() + cluster.STOP_SECONDS
        while _works_in(process, self.cluster.data):
            late = time.monotonic() > deadline
            os.kill(process, cluster.IMMEDIATE_SHUTDOWN if late else cluster.FAST_SHUTDOWN)
            time.sleep(POLL_SECONDS)
        lock_file.unlink(missing_ok=True)

    def _last_complaint(self) -> str:
        lines = (self.folder / "log").read_text(errors="replace").splitlines()
        return next((line.partition("FATAL:")[2].strip() for line in reversed(lines) if "FATAL:" in line), "")

    def _tell_to_stop(self, *_: object) -> None:
        self.told_to_stop = True


def _free_port(record: Path) -> int:
    """Return the port of last time if it is free, so that open tools find the server again, else any free one."""
    for port in (_recorded(record), 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ServerUnavailable("No port of the loopback address is free for PostgreSQL.")


def _recorded(record: Path) -> int:
    try:
        return int(record.read_text())
    except (FileNotFoundError, ValueError):
        return 0


def _works_in(process: int, folder: Path) -> bool:
    try:
        return Path(f"/proc/{process}/cwd").samefile(folder)
    except OSError:
        return False


def _answer(line: str) -> None:
    """Say one line, then give the pipe back so that nobody waits for more."""
    print(line, flush=True)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


if __name__ == "__main__":
    main()
