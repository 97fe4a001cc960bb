"""How fast bytes come in, beside tuspyserver and a plain copy."""

from __future__ import annotations

import os
import shutil
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.served import Served, wait_for_quiet_disk
from bench.upload.sender import Sender
from bench.upload.source import Source, hash_of
from trainings.piece_size import PAGE_PIECE_BYTES

ROUNDS = 3
PAGE = f"{PAGE_PIECE_BYTES // 2**20} MB pieces"
PIECES = {"one body": 2**62, PAGE: PAGE_PIECE_BYTES}
"""The second is what our pages send."""


@dataclass(frozen=True)
class Way:
    """A server and where it puts the bytes of an upload."""

    name: str
    server: Served
    sender: Sender
    file_of: Callable[[str], Path]


def measure(ways: list[Way], source: Source, folder: Path) -> dict[str, dict[str, float]]:
    """Return MB (10^6 bytes) a second and what it cost, by name; the ways take turns."""
    rounds: dict[str, list[dict[str, float]]] = {}
    for _ in range(ROUNDS):
        rounds.setdefault("plain copy", []).append(copied(source, folder / "copy"))
        for how, piece in PIECES.items():
            for way in ways:
                rounds.setdefault(f"{way.name}, {how}", []).append(sent(way, source, piece))
    return {name: _median(measured) for name, measured in rounds.items()}


def copied(source: Source, target: Path) -> dict[str, float]:
    wait_for_quiet_disk()
    began = time.perf_counter()
    shutil.copyfile(source.path, target)
    copied = time.perf_counter()
    _sync(target)
    on_disk = time.perf_counter()
    target.unlink()
    return {
        **_rates(source.size, began, copied, on_disk),
        "megabytes_above_idle": 0.0,
        "written": float(source.size),
        "cpu_seconds": 0.0,
    }


def sent(way: Way, source: Source, piece: int) -> dict[str, float]:
    """Send the file once. Raises when what arrived is something else."""
    wait_for_quiet_disk()
    idle, written, used = way.server.megabytes(), way.server.bytes_written(), way.server.cpu_seconds()
    way.server.forget_peak()
    began = time.perf_counter()
    path = way.sender.begin(source.size)
    for offset in range(0, source.size, piece):
        way.sender.patch(path, source, offset, min(piece, source.size - offset))
    answered = time.perf_counter()
    file = way.file_of(path)
    _sync(file)
    on_disk = time.perf_counter()
    figures = {
        **_rates(source.size, began, answered, on_disk),
        "megabytes_above_idle": way.server.peak_megabytes() - idle,
        "written": float(way.server.bytes_written() - written),
        "cpu_seconds": way.server.cpu_seconds() - used,
    }
    if hash_of(file) != source.sha256:
        raise RuntimeError(f"{way.name}: the file is not what was sent")
    file.unlink()
    return figures


def _rates(size: int, began: float, answered: float, on_disk: float) -> dict[str, float]:
    return {"rate": size / 1e6 / (answered - began), "rate_on_disk": size / 1e6 / (on_disk - began)}


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _median(measured: list[dict[str, Any]]) -> dict[str, float]:
    return {key: round(statistics.median(each[key] for each in measured), 3) for key in measured[0]}
