"""A web server under measurement: a process that listens from its making on, may be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.memory import peak
from bench.report import ROOT

OURS = ("-m", "trainai.web", "--socket")
START_SECONDS = 60.0
STOP_SECONDS = 15.0


class Served:
    """`argv` ends where the number of the listening socket comes."""

    def __init__(self, argv: Sequence[str], *, environment: Mapping[str, str], ready: str = "/healthz") -> None:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
        self._argv = argv
        self._environment = {**os.environ, **environment}
        self._ready = ready
        self.address: tuple[str, int] = self._listening.getsockname()
        self.start()

    def start(self) -> None:
        """Start the process and return when it answers."""
        descriptor = self._listening.fileno()
        argv = [sys.executable, *self._argv, str(descriptor)]
        self._process = subprocess.Popen(argv, cwd=ROOT, env=self._environment, pass_fds=[descriptor])
        with socket.create_connection(self.address, START_SECONDS) as asking:
            asking.sendall(f"GET {self._ready} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
            if not asking.recv(100):
                raise RuntimeError("the server closed the connection instead of answering")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it as an operator would; what waits to be accepted stays."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(STOP_SECONDS)

    def close(self) -> None:
        self.kill()
        self._listening.close()

    def megabytes(self) -> float:
        """Return what it holds in memory now (VmRSS)."""
        for row in Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8").splitlines():
            if row.startswith("VmRSS:"):
                return int(row.split()[1]) / 1024
        return 0.0

    def forget_peak(self) -> None:
        """Begin to count its peak anew (proc(5), clear_refs)."""
        Path(f"/proc/{self._process.pid}/clear_refs").write_text("5", encoding="utf-8")

    def peak_megabytes(self) -> float:
        """Return the most it held since it was started, or since `forget_peak`."""
        return peak(self._process.pid)

    def cpu_seconds(self) -> float:
        """Return how much processor time it has used."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def bytes_written(self) -> int:
        """Return the bytes it has sent towards the disk (proc(5), io)."""
        rows = Path(f"/proc/{self._process.pid}/io").read_text(encoding="utf-8").splitlines()
        return next(int(row.split()[1]) for row in rows if row.startswith("write_bytes"))


def wait_for_quiet_disk() -> None:
    """Let what others left unwritten reach the disk first."""
    os.sync()
    time.sleep(0.2)
