"""What happened, written down outside the database: lines in files that only grow.

Each process has a file of its own. A line is on the disk before the process goes on, so that what it did before it
was killed is known.
"""

from __future__ import annotations

import json
import os
import time
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = "CHAOS_HISTORY"
"""Environment variable: where the files are."""
Event = dict[str, Any]
"""`kind`, `t` (seconds since 1970, one clock for all processes of the machine), and what the kind brings with it."""


def note(kind: str, *, durable: bool = True, **data: Any) -> None:
    """Add a line. `durable=False` for what is written often by a process that nobody kills."""
    file = _file(os.getpid())
    os.write(file, (json.dumps({"kind": kind, "t": time.time(), **data}) + "\n").encode())
    if durable:
        os.fsync(file)


def read(folder: Path) -> list[Event]:
    """Return every line of every file, by time."""
    return sorted(
        (event for path in folder.glob("*.jsonl") for event in load(path)), key=lambda event: float(event["t"])
    )


def load(path: Path) -> list[Event]:
    """Return the lines of one file; a line that a kill cut in two is none."""
    return [json.loads(line) for line in path.read_text().splitlines() if line.endswith("}")]


def write(path: Path, events: list[Event]) -> None:
    """Write events that were collected elsewhere."""
    path.write_text("".join(json.dumps(event) + "\n" for event in events))


@cache
def _file(pid: int) -> int:
    path = Path(os.environ[FOLDER]) / f"{pid}.jsonl"
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
