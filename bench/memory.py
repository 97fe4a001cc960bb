"""Peak memory of every process of an installation, while it works."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import psutil

LOOK_SECONDS = 0.25
"""How often new processes are looked for. A peak itself is kept by the kernel, so none is missed in between."""
NAMES = (
    ("ffmpeg", "ffmpeg"),
    ("trainings/media/", "media tools"),
    ("trainai.web", "web"),
    ("create_training", "create_training"),
    ("qcluster", "worker"),
    ("manage.py up", "supervisor"),
    ("postgres", "postgres"),
)
"""A part of the command line, and what the process is called; the first that fits. Of several the largest counts."""


class Peaks:
    """Watches the processes that belong to the folder of an installation, from a thread, until it is left."""

    def __init__(self, folder: Path) -> None:
        self.megabytes: dict[str, float] = {}
        self._folder = str(folder)
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Peaks:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        self._thread.join()

    def look(self) -> None:
        """Look at all processes now."""
        for process in psutil.process_iter():
            self._look_at(process)

    def _watch(self) -> None:
        while not self._left.wait(LOOK_SECONDS):
            self.look()

    def _look_at(self, process: psutil.Process) -> None:
        try:
            command = " ".join(process.cmdline())
            if not belongs(process, self._folder) or "bench." in command:
                return
            name = name_of(command)
            self.megabytes[name] = round(max(self.megabytes.get(name, 0.0), peak(process.pid)), 1)
        except (psutil.Error, OSError):
            return  # it ended while we looked


def belongs(process: psutil.Process, folder: str) -> bool:
    """Say whether a process names the folder, in its environment or on its command line."""
    try:
        return process.environ().get("VAR_DIR") == folder or any(folder in word for word in process.cmdline())
    except (psutil.Error, OSError):
        return False  # it ended while we looked


def name_of(command: str) -> str:
    return next((name for part, name in NAMES if part in command), "other")


def peak(pid: int) -> float:
    """Return the most memory a process ever held, in MB (VmHWM). Not ru_maxrss: children inherit that."""
    return next(kilobytes(pid)) / 1024


def kilobytes(pid: int) -> Iterator[int]:
    for row in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if row.startswith("VmHWM:"):
            yield int(row.split()[1])
    yield 0
