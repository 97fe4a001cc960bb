"""Request bodies that reach the view while they arrive.

Django's ASGI handler writes a whole body to a temporary file before the view runs: what comes of an upload that
breaks off is lost, and every byte is written twice. For the addresses that take uploads this handler gives the view
the body as it comes. The view is plain synchronous code in a thread of its own.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import time
from collections.abc import Awaitable, Callable
from typing import IO, Any, cast

import django
from django.core.handlers.asgi import ASGIHandler, get_script_prefix

Receive = Callable[[], Awaitable[dict[str, Any]]]
Scope = dict[str, Any]

STREAMED = "/api/uploads"
SCOPE_KEY = "trainai.body"
"""Under this key of the request's scope lies its StreamedBody."""
IDLE_SECONDS = 30.0
"""A client that sends nothing for this long is gone, even when its connection does not say so."""
WAKE_SECONDS = 0.5
"""How often a waiting read asks `on_idle`."""


class StreamedBody:
    """A body that is read by the view's thread while the event loop receives it. Memory: one message."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._rest = memoryview(b"")
        self._ended = False
        self.on_idle: Callable[[], None] = lambda: None
        """Called in the view's thread while nothing comes; what it raises ends the read."""

    async def __call__(self) -> dict[str, Any]:
        """Stand in for `receive`, which is asked whether the client has left: nobody interrupts an upload's view.

        It hears of a broken connection by its read, and stores what has come before.
        """
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes as soon as there are any, b"" at the end. OSError when the body breaks off."""
        while not self._rest and not self._ended:
            self._take(self._next_message())
        piece = bytes(self._rest if size < 0 else self._rest[:size])
        self._rest = self._rest[len(piece) :]
        return piece

    def close(self) -> None:
        """Forget what was not read."""
        self._rest, self._ended = memoryview(b""), True

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.disconnect":
            self._ended = True
            raise OSError("The client left.")
        self._rest = memoryview(message.get("body", b""))
        self._ended = not message.get("more_body", False)

    def _next_message(self) -> dict[str, Any]:
        async def receive() -> dict[str, Any]:
            return await self._receive()

        future = asyncio.run_coroutine_threadsafe(receive(), self._loop)
        deadline = time.monotonic() + IDLE_SECONDS
        while True:
            try:
                return future.result(WAKE_SECONDS)
            except concurrent.futures.TimeoutError:
                self._still_waiting(future, deadline)
            except concurrent.futures.CancelledError:
                raise OSError("The server stops.") from None

    def _still_waiting(self, future: concurrent.futures.Future[Any], deadline: float) -> None:
        try:
            self.on_idle()
            if time.monotonic() > deadline:
                raise OSError("The client sends nothing any more.")
            if not self._loop.is_running():
                raise OSError("The server stops.")
        except BaseException:
            self._ended = True
            future.cancel()
            raise


class StreamingHandler(ASGIHandler):
    """Django's handler, with streamed bodies for uploads."""

    async def handle(self, scope: Scope, receive: Any, send: Any) -> None:
        if _is_streamed(scope):
            receive = scope[SCOPE_KEY] = StreamedBody(receive)
        await super().handle(scope, receive, send)

    async def read_body(self, receive: Any) -> IO[bytes]:
        if isinstance(receive, StreamedBody):
            return cast("IO[bytes]", receive)
        return await super().read_body(receive)


def get_asgi_application() -> StreamingHandler:
    """Set Django up and return its ASGI application."""
    django.setup(set_prefix=False)
    return StreamingHandler()


def _is_streamed(scope: Scope) -> bool:
    path = str(scope["path"]).removeprefix(get_script_prefix(scope))
    return scope["method"] in ("PATCH", "POST") and (path == STREAMED or path.startswith(f"{STREAMED}/"))
