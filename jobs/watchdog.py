"""Signs of life, in systemd's protocol (sd_notify(3)): `up` hears them from what it starts, systemd from `up`."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time

ADDRESS = "NOTIFY_SOCKET"
"""Environment variable: where to send; "@" stands for the byte 0 with which an abstract address begins (unix(7))."""
ALIVE = "WATCHDOG=1"
EVERY_SECONDS = 0.5


class Watch:
    """Whether somebody stands still; when the watcher stood still too, as in a paused machine, it cannot say."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._looked = self._awake = time.monotonic()

    def is_frozen(self, sign_of_life: float, now: float) -> bool:
        """Look at `now`. Both are times of `time.monotonic`."""
        if now - self._looked > self.seconds:
            self._awake = now
        self._looked = now
        return now - max(sign_of_life, self._awake) > self.seconds


class Receiver:
    """Hears one process that was started with `address` as its `NOTIFY_SOCKET`."""

    def __init__(self, patience: float, *, first: float) -> None:
        """`patience`: seconds of silence after which it stands still; `first`: the same before it was ever heard."""
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._line.setblocking(False)
        self._line.bind("")  # the kernel chooses
        self.address = "@" + self._line.getsockname()[1:].decode()
        self._heard = time.monotonic()
        self._watch, self._later = Watch(first), Watch(patience)

    def is_silent(self) -> bool:
        """Whether it stands still. Ask at least as often as the patience is long."""
        now = time.monotonic()
        with contextlib.suppress(BlockingIOError):
            while self._line.recv(256):
                self._heard, self._watch = now, self._later
        return self._watch.is_frozen(self._heard, now)

    def close(self) -> None:
        """Listen no more."""
        self._line.close()


def notify(state: str) -> None:
    """Tell whoever started this process, if it wants to hear and has room for it."""
    address = os.environ.get(ADDRESS, "")
    if not address:
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.setblocking(False)
        line.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)


def keep_notifying() -> None:
    """Tell again and again that this process is alive, from a thread: the main one may wait long for the database.

    Call it after all forks.
    """
    threading.Thread(target=_keep_notifying, name="watchdog", daemon=True).start()


def _keep_notifying() -> None:
    pause = threading.Event()
    while True:
        notify(ALIVE)
        pause.wait(EVERY_SECONDS)
