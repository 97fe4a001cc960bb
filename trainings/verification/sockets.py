"""Two open pages, as their sockets hear it."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

from trainai import serving
from trainai.accounts.models import User
from trainings.verification import visitor

PAGES = 2
_OPEN_SECONDS = 10.0
_LOOK_SECONDS = 0.02


@dataclass
class Page:
    """What one page heard: each job's latest state and when it came (seconds since the epoch)."""

    heard: dict[str, tuple[dict[str, Any], float]] = field(default_factory=dict)
    messages: int = 0
    disorder: int = 0

    def hear(self, message: dict[str, Any]) -> None:
        """Take a message in; an older version after a newer one is disorder."""
        for job in message["jobs"] if message["type"] == "snapshot" else [message["job"]]:
            self.messages += 1
            known = self.heard.get(job["id"])
            if known and known[0]["version"] > job["version"]:
                self.disorder += 1
                continue
            self.heard[job["id"]] = (job, time.time())

    def wait_for(self, states: dict[str, str], seconds: float) -> None:
        """Return when every job's state was heard, or when the seconds are over."""
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            if all(self.heard.get(pk, ({"status": ""},))[0]["status"] == state for pk, state in states.items()):
                return
            time.sleep(_LOOK_SECONDS)


@contextlib.contextmanager
def watching(user: User) -> Iterator[list[Page]]:
    """Keep pages open as this person. Nothing is yielded into when no web server answers: the list is empty."""
    with contextlib.ExitStack() as stack:
        pages: list[Page] = []
        try:
            for _ in range(PAGES):
                socket = stack.enter_context(_open(user))
                pages.append(Page())
                threading.Thread(target=_listen, args=(socket, pages[-1]), daemon=True).start()
        except (OSError, WebSocketException):
            pages.clear()
        yield pages


def _open(user: User) -> ClientConnection:
    return connect(
        f"ws://127.0.0.1:{serving.port()}/ws/jobs/",
        additional_headers={"Cookie": visitor.cookie(user)},
        open_timeout=_OPEN_SECONDS,
        proxy=None,
    )


def _listen(socket: ClientConnection, page: Page) -> None:
    with contextlib.suppress(ConnectionClosed):
        for message in socket:
            page.hear(json.loads(message))
