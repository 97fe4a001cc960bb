"""The browser's end of one WebSocket (RFC 6455), as cheap as it can be: it only notes what came when."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import cast

OPEN_TEXT, CLOSE, PING, PONG = 0x81, 0x88, 0x89, 0x8A


class Page(asyncio.Protocol):
    """`hear` is called with the time and the text of each message, `lost` when the line is gone."""

    def __init__(self, cookie: str, hear: Callable[[float, bytes], None], lost: Callable[[], None]) -> None:
        self._cookie = cookie
        self._hear = hear
        self._lost = lost
        self._rest = b""
        self._open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own class does not say so
        host = "{}:{}".format(*self._transport.get_extra_info("peername"))
        lines = [
            "GET /ws/jobs/?many=1 HTTP/1.1",
            f"Host: {host}",
            f"Origin: http://{host}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Extensions: permessage-deflate",
            f"Cookie: sessionid={self._cookie}",
        ]
        self._transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        self._rest += data
        if not self._open:
            head, found, rest = self._rest.partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head.split(b"\r\n", 1)[0] + b" ":
                self._transport.close()
                return
            self._open, self._rest = True, rest
        self._read(now)

    def connection_lost(self, error: Exception | None) -> None:
        self._lost()

    def close(self) -> None:
        self._lost = lambda: None
        self._transport.close()

    def _read(self, now: float) -> None:
        data, at = self._rest, 0
        while len(data) - at >= 2:
            kind, length, head = data[at], data[at + 1], 2
            if length == 126:
                length, head = int.from_bytes(data[at + 2 : at + 4]), 4
            elif length == 127:
                length, head = int.from_bytes(data[at + 2 : at + 10]), 10
            if len(data) - at < head + length:
                break
            text = data[at + head : at + head + length]
            at += head + length
            if kind == OPEN_TEXT:
                self._hear(now, text)
            elif kind == PING:
                self._transport.write(bytes((PONG, 0x80 | length)) + bytes(4) + text)  # masked with zeros
            elif kind == CLOSE:
                self._transport.close()
        self._rest = data[at:]
