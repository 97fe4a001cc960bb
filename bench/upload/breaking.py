"""Connections that are cut and servers that are killed, in the middle of a request, at random places."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.served import Served
from bench.upload.sender import Sender
from bench.upload.source import Source, hash_of

LONGEST_WAIT_SECONDS = 10.0


def cuts(sender: Sender, source: Source, times: int, file_of: Callable[[str], Path]) -> dict[str, Any]:
    """Cut the connection `times` times on the way of one file."""
    chance = random.Random(1)  # noqa: S311
    path, sent, offset = sender.begin(source.size), 0, 0
    places = sorted(chance.randrange(source.size) for _ in range(times))
    for place in places:
        count = max(0, place - offset)
        sender.push(path, source, offset, count, claim=source.size - offset)
        sent += count
        sender.cut()
        offset = _settled(sender, path, at_least=offset)
    sender.patch(path, source, offset, source.size - offset)
    return _outcome(source, file_of(path), times, sent + source.size - offset)


def kills(server: Served, sender: Sender, source: Source, times: int, file_of: Callable[[str], Path]) -> dict[str, Any]:
    """Kill the server `times` times. `beyond`: how often it said more than lay in the file, which must never be."""
    chance = random.Random(2)  # noqa: S311
    path, sent, offset, beyond = sender.begin(source.size), 0, 0, 0
    for kill in range(times):
        # What is left is divided by the kills that are left; some come early in a piece, some late.
        count = min(source.size - offset - 1, chance.randrange(2 * (source.size - offset) // (times - kill + 1)))
        reached = file_of(path).stat().st_size + chance.randrange(count + 1) // 2
        with contextlib.suppress(OSError):
            sender.push(path, source, offset, count, claim=source.size - offset)
            _wait_for_bytes(file_of(path), reached)
        sent += count
        server.kill()
        sender.cut()
        server.start()
        offset = sender.offset(path)
        beyond += offset > file_of(path).stat().st_size
    sender.patch(path, source, offset, source.size - offset)
    return {**_outcome(source, file_of(path), times, sent + source.size - offset), "beyond": beyond}


def _settled(sender: Sender, path: str, *, at_least: int) -> int:
    """Return the offset once it has stopped moving: the server may still be storing what came before the cut."""
    known = sender.offset(path)
    while True:
        time.sleep(0.02)
        now = sender.offset(path)
        if now == known:
            return max(now, at_least)
        known = now


def _wait_for_bytes(file: Path, size: int) -> None:
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while file.stat().st_size < size and time.monotonic() < deadline:
        time.sleep(0.001)


def _outcome(source: Source, file: Path, times: int, sent: int) -> dict[str, Any]:
    return {
        "times": times,
        "size": source.size,
        "more": sent / source.size - 1,
        "right": hash_of(file) == source.sha256,
    }
