"""A wire between the hosts and PostgreSQL that can be made to lose things.

It reads the frames of the protocol (PostgreSQL manual, chapter 54) and can swallow notifications, or let the server
do a COMMIT and cut the line before its answer.
"""

from __future__ import annotations

import asyncio
import re
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress

from bench.chaos import apps
from bench.chaos.history import note

_SSL_REQUEST, _GSS_REQUEST, _CANCEL_REQUEST = 80877103, 80877104, 80877102
_WRITES = re.compile(rb"\b(COMMIT|INSERT|UPDATE|DELETE)\b", re.IGNORECASE)


class Proxy:
    """Listens on a free port of its own, in a thread."""

    def __init__(self, target: int) -> None:
        self.deaf = False
        """Whether notifications are swallowed."""
        self.to_lose = 0
        """How many more commits lose their answer."""
        self.swallowed = 0
        self.port = 0
        self._target = target
        self._ready = threading.Event()

    def start(self) -> None:
        """Return when connections are taken."""
        threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True).start()
        self._ready.wait()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._connected, apps.meeting_place(), 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await server.serve_forever()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError):
            await Line(self, reader, writer).carry(self._target)
        writer.transport.abort()


class Line:
    """One connection."""

    def __init__(self, proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._proxy = proxy
        self._client = (reader, writer)
        self._query = b""

    async def carry(self, target: int) -> None:
        """Forward until one side ends, or a commit's answer is lost."""
        start = await self._startup()
        server = await asyncio.open_connection("127.0.0.1", target)
        try:
            server[1].write(start)
            if _code(start) == _CANCEL_REQUEST:
                await server[0].read()
                return
            ways = {asyncio.create_task(self._up(server[1])), asyncio.create_task(self._down(server[0]))}
            _, pending = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in pending:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        finally:
            server[1].transport.abort()

    async def _startup(self) -> bytes:
        """Return the client's first packet; offers to encrypt are declined."""
        reader, writer = self._client
        while True:
            length = await reader.readexactly(4)
            packet = length + await reader.readexactly(struct.unpack("!I", length)[0] - 4)
            if _code(packet) not in (_SSL_REQUEST, _GSS_REQUEST):
                return packet
            writer.write(b"N")

    async def _up(self, server: asyncio.StreamWriter) -> None:
        frames = Frames()
        while piece := await self._client[0].read(65_536):
            for frame in frames.cut(piece):
                if frame[:1] in b"QP":
                    self._query = frame[5:]
            server.write(piece)
            await server.drain()

    async def _down(self, server: asyncio.StreamReader) -> None:
        frames, held = Frames(), bytearray()
        while piece := await server.read(65_536):
            for frame in frames.cut(piece):
                if frame[:1] == b"A" and self._proxy.deaf:
                    self._proxy.swallowed += 1
                    continue
                held += frame
                if frame[:1] == b"Z" and self._loses(frame):
                    return
            if not (self._proxy.to_lose and _WRITES.search(self._query)) or held[-6:-5] == b"Z":
                self._client[1].write(bytes(held))
                held.clear()
                await self._client[1].drain()

    def _loses(self, ready: bytes) -> bool:
        """Whether this answer is lost: the server is idle again after a write, so that write is committed."""
        if not (self._proxy.to_lose and ready[5:6] == b"I" and _WRITES.search(self._query)):
            return False
        self._proxy.to_lose -= 1
        note("lost_commit", query=" ".join(self._query.decode(errors="replace").split())[:80])
        return True


class Frames:
    """Cuts a stream into frames: one letter, four bytes of length, the rest."""

    def __init__(self) -> None:
        self._rest = b""

    def cut(self, piece: bytes) -> Iterator[bytes]:
        """Yield the frames that are complete now."""
        self._rest += piece
        while len(self._rest) >= 5:
            length = 1 + int.from_bytes(self._rest[1:5], "big")
            if len(self._rest) < length:
                return
            frame, self._rest = self._rest[:length], self._rest[length:]
            yield frame


def _code(packet: bytes) -> int:
    return int.from_bytes(packet[4:8], "big")
