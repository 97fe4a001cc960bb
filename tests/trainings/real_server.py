"""The true web server as a process of its own, on the test's database, for tests that break connections and kill."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
from django.conf import settings
from django.db import connection


class RealServer:
    """Listens from its making on, so that requests wait while it starts instead of failing."""

    def __init__(
        self, media_root: Path, *, wrapper: Sequence[str] = (), variables: Mapping[str, str] | None = None
    ) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.media_root = media_root
        self._wrapper = wrapper
        self._variables = variables or {}
        self.address: tuple[str, int] = self._listening.getsockname()
        self.url = f"http://127.0.0.1:{self.address[1]}"

    def start(self) -> None:
        descriptor = self._listening.fileno()
        argv = [*self._wrapper, sys.executable, "-m", "trainai.web", "--socket", str(descriptor)]
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "trainai.settings",
            "DATABASE_URL": database_url(),
            "MEDIA_ROOT": str(self.media_root),
            **self._variables,
        }
        self.process = subprocess.Popen(argv, cwd=settings.BASE_DIR, env=environment, pass_fds=[descriptor])
        httpx.get(f"{self.url}/healthz", timeout=60)

    def kill(self) -> None:
        """Kill it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stand_still(self) -> None:
        """Stop it where it is, until `go_on`; return when it stands."""
        os.kill(self.process.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED)

    def go_on(self) -> None:
        """Let it run again."""
        os.kill(self.process.pid, signal.SIGCONT)

    def peak_memory(self) -> int:
        """Return the most resident memory it ever had, in bytes (proc(5), VmHWM)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))

    def close(self) -> None:
        self.kill()
        self._listening.close()


@contextmanager
def running(
    media_root: Path, *, wrapper: Sequence[str] = (), variables: Mapping[str, str] | None = None
) -> Iterator[RealServer]:
    """Give a server that serves; its settings come from our environment and `variables`."""
    server = RealServer(media_root, wrapper=wrapper, variables=variables)
    try:
        server.start()
        yield server
    finally:
        server.close()


def database_url() -> str:
    """Return the address of the test's database for other processes."""
    given = connection.settings_dict
    who = f"{quote(given['USER'])}:{quote(given['PASSWORD'] or '')}" if given["USER"] else ""
    return f"postgresql://{who}@{given['HOST']}:{given['PORT'] or 5432}/{given['NAME']}"
