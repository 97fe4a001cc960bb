"""All the open pages, in a process of their own: `python -m bench.live.pages PORT COOKIES`, told what to do by stdin.

COOKIES names a file with a session a line. It says "snapshot N" whenever a page has had its Nth snapshot and it was
the last of all pages to get there; "notes FILE" makes it write what came since and forget it.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from pathlib import Path

from bench.live.page import Page

AT_ONCE = 50
FIRST_SECONDS, LONGEST_SECONDS = 0.5, 20.0
"""As in `backoff.js`."""


class Pages:
    """Opens a page for each cookie and keeps it open."""

    def __init__(self, port: int, cookies: list[str]) -> None:
        self._port = port
        self._cookies = cookies
        self._failures = [0] * len(cookies)
        self._snapshots = [0] * len(cookies)
        self._begun = [asyncio.Event() for _ in cookies]
        self._told = 0
        self._notes: list[tuple[float, int, str]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(at: int) -> None:
            async with gate:
                await self._connect(at)
                await self._begun[at].wait()

        await asyncio.gather(*(one(at) for at in range(len(self._cookies))))

    def write(self, target: Path) -> None:
        target.write_text(json.dumps(self._notes), encoding="utf-8")
        self._notes.clear()

    async def _connect(self, at: int) -> None:
        def hear(now: float, text: bytes) -> None:
            if text.startswith(b'{"type": "snapshot"'):
                self._failures[at] = 0
                self._snapshots[at] += 1
                self._begun[at].set()
                self._tell()
            else:
                self._notes.append((now, at, text.decode()))

        def lost() -> None:
            self._again(at)

        try:
            await asyncio.get_running_loop().create_connection(
                lambda: Page(self._cookies[at], hear, lost), "127.0.0.1", self._port
            )
        except OSError:
            self._again(at)

    def _again(self, at: int) -> None:
        pause = random.random() * min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** self._failures[at])  # noqa: S311
        self._failures[at] += 1
        task = asyncio.create_task(self._later(at, pause))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _later(self, at: int, pause: float) -> None:
        await asyncio.sleep(pause)
        await self._connect(at)

    def _tell(self) -> None:
        if min(self._snapshots) > self._told:
            self._told = min(self._snapshots)
            print(f"snapshot {self._told} {time.monotonic()}", flush=True)


async def main(port: int, cookies: list[str]) -> None:
    """Open the pages, then do what each line of stdin asks, until it ends."""
    pages = Pages(port, cookies)
    await pages.open()
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        pages.write(Path(line.split()[1]))
        print("written", flush=True)


if __name__ == "__main__":
    import uvloop

    uvloop.run(main(int(sys.argv[1]), Path(sys.argv[2]).read_text(encoding="utf-8").split()))
