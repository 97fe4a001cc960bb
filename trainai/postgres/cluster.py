"""PostgreSQL's own command lines: make a cluster, start it, stop it.

Every program runs with the cluster as its working directory and is told to find it at `/proc/self/cwd`. The server's
user then needs no right to any folder above it: `var/` may lie under a home that only root may enter.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path
from typing import IO

from trainai import private
from trainai.child import dies_with_parent
from trainai.postgres import binaries
from trainai.postgres.errors import ServerUnavailable
from trainai.postgres.owner import owner_of

ROLE = DATABASE = "trainai"
HERE = "/proc/self/cwd"
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PATH": os.defpath}
FAST_SHUTDOWN = signal.SIGINT  # SIGTERM would wait for every client to leave by itself
IMMEDIATE_SHUTDOWN = signal.SIGQUIT
STOP_SECONDS = 30


class Cluster:
    """The cluster under `folder/data`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.owner = owner_of(self.data)
        self.programs = binaries.reachable(self.owner)

    def ensure_made(self) -> None:
        """Make the cluster, its one role and its one database unless they are there. Whole or not at all."""
        if self.data.exists():
            return
        unfinished = self.folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self.owner.own(unfinished)
        password = secrets.token_urlsafe(32)
        self._initdb(unfinished)
        self._make_role(unfinished, password)
        (unfinished / "pg_hba.conf").write_text(f"host all {ROLE} 127.0.0.1/32 scram-sha-256\n")
        private.write(self.folder / "password", password)
        unfinished.rename(self.data)

    def start(self, port: int, log: IO[bytes], *, durable: bool, connections: int = 200) -> subprocess.Popen[bytes]:
        """Start the server on `port` of the loopback address. It dies with its starter: call from the main thread."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": str(connections),
            "cluster_name": "trainai",
            "logging_collector": "off",
        }
        if not durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        argv = [str(self.programs / "postgres"), "-D", HERE, "-p", str(port)]
        for name, value in settings.items():
            argv += ["-c", f"{name}={value}"]
        return subprocess.Popen(
            argv,
            cwd=self.data,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=dies_with_parent(FAST_SHUTDOWN),
            **self.owner.process_options(),
        )

    def _initdb(self, data: Path) -> None:
        """Nobody can log in as the superuser `postgres`; single-user mode is the way in for repairs."""
        self._run(
            data,
            ["initdb", "-D", HERE, "--username=postgres", "--auth=reject", "--encoding=UTF8", "--data-checksums"],
            ["--locale-provider=builtin", "--locale=C.UTF-8", "--builtin-locale=C.UTF-8", "--no-instructions"],
        )

    def _make_role(self, data: Path, password: str) -> None:
        statements = (
            f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'",
            f"GRANT pg_monitor TO {ROLE}",
            f"CREATE DATABASE {DATABASE} OWNER {ROLE}",
        )
        self._run(data, ["postgres", "--single", "-D", HERE, "postgres"], stdin="\n".join(statements) + "\n")

    def _run(self, data: Path, *argv: list[str], stdin: str = "") -> None:
        program, *arguments = [word for words in argv for word in words]
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            cwd=data,
            env=ENVIRONMENT,
            input=stdin,
            text=True,
            capture_output=True,
            check=False,
            **self.owner.process_options(),
        )
        # Single-user mode reports a failed statement and exits with 0.
        if done.returncode or "ERROR:" in done.stderr:
            raise ServerUnavailable(f"PostgreSQL's {program} failed: {done.stderr.strip()[-500:]}")


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server cleanly, clients or not; after 30 seconds at once (it recovers at the next start)."""
    server.send_signal(FAST_SHUTDOWN)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.send_signal(IMMEDIATE_SHUTDOWN)
        server.wait()
