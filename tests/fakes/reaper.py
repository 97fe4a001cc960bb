"""Kills the process that talks to a fake, at a named request: what it then asks for again was paid twice."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import threading
from collections import Counter
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Literal

import psutil

from tests.fakes.server import Request

Moment = Literal["asked", "answered"]


@dataclass
class Reaper:
    """Sends SIGKILL when the request number `at`, counted from 1, has come or was answered; never when it is 0."""

    at: int = 0
    moment: Moment = "asked"
    calls: Counter[str] = field(default_factory=Counter)
    """How often each paid call was made, by what it asks."""
    in_flight: int = 0
    """Paid calls that were under way when it struck, or answered in that moment: only these may be asked again."""
    victim: int = 0
    _came: int = 0
    _numbers: dict[int, int] = field(default_factory=dict)
    _open: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def repeated(self) -> int:
        """Paid calls that were made more than once."""
        return sum(self.calls.values()) - len(self.calls)

    @property
    def requests(self) -> int:
        return self._came

    def came(self, request: Request, port: int) -> None:
        with self._lock:
            self._came += 1
            self._numbers[threading.get_ident()] = self._came
            if is_paid(request):
                self._open += 1
                self.calls[_what(request)] += 1
            self._strike("asked", port)

    def answered(self, request: Request, port: int) -> None:
        with self._lock:
            self._strike("answered", port)
            self._open -= is_paid(request)

    def _strike(self, moment: Moment, port: int) -> None:
        if self.victim or moment != self.moment or self._numbers.get(threading.get_ident()) != self.at:
            return
        self.in_flight = self._open
        self.victim = _client(port)
        if self.victim:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.victim, signal.SIGKILL)


def is_paid(request: Request) -> bool:
    """Whether the service sends a bill for it: Mux's for what it keeps, which is counted as assets."""
    return request.path.endswith(("/transcriptions", "/completions"))


def _what(request: Request) -> str:
    """Name a call by what it asks; the border between the parts of a form is new each time."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/"):
        return hashlib.sha256(request.body).hexdigest()
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    parts = BytesParser(policy=HTTP).parsebytes(head + request.body).iter_parts()
    files = [part.get_payload(decode=True) for part in parts if part.get_filename()]
    return hashlib.sha256(b"".join(each for each in files if isinstance(each, bytes))).hexdigest()


def _client(port: int) -> int:
    """Return the process that holds this end of a connection, never our own; 0 when it is gone already."""
    for each in psutil.net_connections("tcp4"):
        if each.laddr and each.laddr.port == port and each.pid and each.pid != os.getpid():
            return each.pid
    return 0
