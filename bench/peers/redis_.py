"""A Redis for one run, on a free port of this machine."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.ports import free_port

START_SECONDS = 10.0


def found() -> bool:
    """Whether this machine has one."""
    return shutil.which("redis-server") is not None


@contextmanager
def server() -> Iterator[str]:
    """Start it with the append-only file that its documentation names for durability; give its address."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        argv = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", folder]
        argv += ["--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]
        process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait(port)
            yield f"redis://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(START_SECONDS)


def _wait(port: int) -> None:
    give_up = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.05)
        else:
            return
