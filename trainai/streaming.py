"""Our handler for HTTP: request bodies that reach the view while they arrive, and one thread for a whole request.

Django's ASGI handler writes a whole body to a temporary file before the view runs: what comes of an upload that
breaks off is lost, and every byte is written twice. For the addresses that take uploads this handler gives the view
the body as it comes. The view is plain synchronous code in a thread of its own, and so is every middleware: Django
changes between the event loop and that thread at each middleware that can be both, which is a third of what a small
request costs.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from typing import IO, Any, cast

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from servestatic.middleware import ServeStaticMiddleware

Receive = Callable[[], Awaitable[dict[str, Any]]]
Scope = dict[str, Any]

STREAMED = "/api/uploads"
SCOPE_KEY = "trainai.body"
"""Under this key of the request's scope lies its StreamedBody."""
IDLE_SECONDS = 30.0
"""A client that sends nothing for this long is gone, even when its connection does not say so."""
WAKE_SECONDS = 0.5
"""How often a waiting read asks `on_idle`."""
AHEAD_BYTES = 512 * 1024
"""Received before the view asks for it: the network fills while the disk is written. What a body costs in memory."""


class StreamedBody:
    """A body that is read by the view's thread while the event loop receives it."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._room = asyncio.Event()
        self._receiving: asyncio.Task[None] | None = None
        self._changed = threading.Condition()
        """Guards what both threads use: the next three."""
        self._arrived = bytearray()
        self._ended = False
        self._broken = ""
        """Why nothing more comes, when that is not the body's end."""
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
        self._loop.call_soon_threadsafe(self._go_on)
        with self._changed:
            self._wait()
            count = len(self._arrived) if size < 0 else size
            with memoryview(self._arrived) as arrived:
                piece = bytes(arrived[:count])
            del self._arrived[:count]
        if not piece and self._broken:
            raise OSError(self._broken)
        return piece

    def close(self) -> None:
        """Forget what was not read. Called by Django in the event loop, when the answer is sent."""
        self._end("")
        if self._receiving:
            self._receiving.cancel()

    def _wait(self) -> None:
        """Wait in the view's thread until there is something to say."""
        deadline = time.monotonic() + IDLE_SECONDS
        while not self._arrived and not self._ended:
            if not self._changed.wait(WAKE_SECONDS):
                self._still_waiting(deadline)

    def _still_waiting(self, deadline: float) -> None:
        try:
            self.on_idle()
            if time.monotonic() > deadline:
                raise OSError("The client sends nothing any more.")
            if not self._loop.is_running():
                raise OSError("The server stops.")
        except BaseException:
            self._ended = True
            raise

    def _go_on(self) -> None:
        """Receive, from the first read on: who is refused before that is not asked for the body."""
        self._room.set()
        if self._receiving is None:
            self._receiving = self._loop.create_task(self._receive_all())

    async def _receive_all(self) -> None:
        try:
            while not self._ended:
                await self._room.wait()
                self._add(await self._receive())
        except asyncio.CancelledError:
            self._end("The server stops.")
            raise

    def _add(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.disconnect":
            self._end("The client left.")
            return
        with self._changed:
            self._arrived += message.get("body", b"")
            self._ended = not message.get("more_body", False)
            if len(self._arrived) >= AHEAD_BYTES:
                self._room.clear()
            self._changed.notify_all()

    def _end(self, broken: str) -> None:
        with self._changed:
            self._ended, self._broken = True, self._broken or broken
            self._changed.notify_all()


class StreamingHandler(ASGIHandler):
    """Django's handler, with streamed bodies for uploads, and static files before all else."""

    def load_middleware(self, is_async: bool = False) -> None:
        """Join what the settings name to one synchronous chain, behind the static files, which need none of it."""
        super().load_middleware(is_async=False)
        chain: Callable[[HttpRequest], HttpResponseBase] = self._middleware_chain  # type: ignore[has-type]
        pages = sync_to_async(chain, thread_sensitive=True)
        self._middleware_chain = convert_exception_to_response(ServeStaticMiddleware(pages))

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
