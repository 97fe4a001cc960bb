"""What every fake is: an HTTP server on a loopback socket that remembers its requests and fails when it is told to."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qs, urlsplit


@dataclass
class Request:
    """A request as it came in; header names in lower case."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Response:
    """What to answer. `cut` closes the connection in the middle of the body; `drop` before the first byte."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    drop: bool = False
    drip: bool = False
    """Send a byte now and then, so that no single wait is too long."""
    hang: bool = False
    """Answer nothing until the server closes."""


class Watcher(Protocol):
    """Is told of each request with the client's port: before it is answered and right after."""

    def came(self, request: Request, port: int) -> None: ...
    def answered(self, request: Request, port: int) -> None: ...


class FakeServer:
    """Answers by `respond`; `faults` are answered first, one a request."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.faults: deque[Response] = deque()
        self.most_at_once = 0
        self.watcher: Watcher | None = None
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._now = 0
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                fake._handle(self)

            def log_message(self, format: str, *args: Any) -> None:
                """Tests read requests, not logs."""

        for method in ("GET", "POST", "PUT", "DELETE"):
            setattr(Handler, f"do_{method}", Handler.handle_any)
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def respond(self, request: Request) -> Response:
        """Answer a request that no fault was set for."""
        raise NotImplementedError

    def close(self) -> None:
        """Stop, and let go whoever hangs."""
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()

    def _handle(self, http: BaseHTTPRequestHandler) -> None:
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            address = urlsplit(http.path)
            length = int(http.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in http.headers.items()}
            request = Request(
                str(http.command), address.path, parse_qs(address.query), headers, http.rfile.read(length)
            )
            with self._lock:
                self.requests.append(request)
                fault = self.faults.popleft() if self.faults else None
            if self.watcher:
                self.watcher.came(request, http.client_address[1])
            self._answer(http, fault or self.respond(request))
            if self.watcher:
                self.watcher.answered(request, http.client_address[1])
        finally:
            with self._lock:
                self._now -= 1

    def _answer(self, http: BaseHTTPRequestHandler, response: Response) -> None:
        if response.hang:
            self.closing.wait()
        if response.hang or response.drop:
            http.close_connection = True
            return
        body = response.body
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        http.send_response(response.status)
        headers = {"Content-Type": "application/json", **response.headers, "Content-Length": str(len(content))}
        for name, value in headers.items():
            http.send_header(name, value)
        http.end_headers()
        if response.drip:
            for place in range(len(content)):
                http.wfile.write(content[place : place + 1])
                if self.closing.wait(0.3):
                    return
        with suppress(ConnectionError):  # a player does not want every piece to its end
            http.wfile.write(content[: len(content) // 2] if response.cut else content)
        if response.cut:
            http.close_connection = True


Server = TypeVar("Server", bound=FakeServer)


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Give a server, and close it."""
    try:
        yield server
    finally:
        server.close()
