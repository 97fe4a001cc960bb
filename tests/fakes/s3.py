"""A bucket for tests: a real S3 server as a process of its own, and a gate before it that refuses and breaks."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

from bench.ports import free_port
from tests.waiting import PATIENCE_SECONDS, answers, until

ACCESS_KEY, SECRET_KEY = "TRAINAITESTS", "a-secret-of-the-tests-alone"
BUCKET = "media"
SLOW_PARTS, SLOW_SECONDS = 5, 0.4
"""Parts of a slow answer and the seconds before each: together longer than the timeout of whoever tests it."""


class S3Server:
    """Nanio on a folder: it checks signatures, keeps parts, and forgets nothing when it is killed."""

    def __init__(self, folder: Path, host: str = "127.0.0.1") -> None:
        self.folder = folder
        (folder / BUCKET).mkdir(parents=True)
        self.port = free_port(host)
        self.url = f"http://{host}:{self.port}"
        self._argv = [str(Path(sys.executable).with_name("nanio")), "serve", "--data-dir", str(folder)]
        self._argv += ["--host", host, "--port", str(self.port), "--no-access-log", "--log-level", "error"]

    def start(self) -> None:
        """Return when it answers."""
        keys = {"NANIO_ACCESS_KEY": ACCESS_KEY, "NANIO_SECRET_KEY": SECRET_KEY}
        self.process = subprocess.Popen(self._argv, env=os.environ | keys, stderr=subprocess.DEVNULL)
        until(lambda: answers(self.url), "the S3 server answers")

    def stop(self) -> None:
        """Kill it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def environment(self, url: str = "") -> dict[str, str]:
        """Return what an installation is told to use it."""
        return {
            "AWS_STORAGE_BUCKET_NAME": BUCKET,
            "AWS_S3_ENDPOINT_URL": url or self.url,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        }


class Gate:
    """Passes requests on to the server, except those it was told otherwise about."""

    def __init__(self, server: S3Server) -> None:
        self.server = server
        self.requests: list[str] = []
        """Methods and addresses, as they came."""
        self.read_only = False
        self.failing = False
        self.expired = False
        """Whether the keys were good for a time that is over."""
        self.slow = False
        """Whether an answer comes in small parts, each after a while."""
        self.closing = Event()
        self.broken_after: int | None = None
        """Bytes of an answer after which its connection breaks."""
        self.hanging = Event()
        self.hanging.set()
        """Cleared, nothing is answered until it is set again."""
        gate = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                gate._handle(self)

            def log_message(self, format: str, *args: Any) -> None:
                """Tests read requests, not logs."""

        for method in ("GET", "HEAD", "POST", "PUT", "DELETE"):
            setattr(Handler, f"do_{method}", Handler.handle_any)
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.hanging.set()
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()

    def _handle(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        self.requests.append(f"{request.command} {request.path}")
        self.hanging.wait()
        if self.failing:
            self._refuse(request, 503, "SlowDown")
        elif self.expired:
            self._refuse(request, 400, "ExpiredToken")
        elif self.read_only and request.command not in ("GET", "HEAD"):
            self._refuse(request, 403, "AccessDenied")
        else:
            self._pass_on(request, body)

    def _refuse(self, request: BaseHTTPRequestHandler, status: int, code: str) -> None:
        body = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
        request.send_response(status)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(body)

    def _pass_on(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        there = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=PATIENCE_SECONDS)
        there.putrequest(str(request.command), request.path, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers.items():
            there.putheader(name, value)
        there.endheaders(body)
        answer = there.getresponse()
        content = answer.read()
        request.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("date", "server", "connection", "transfer-encoding"):
                request.send_header(name, value)
        if answer.getheader("Content-Length") is None:
            request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        if self.broken_after is not None and len(content) > self.broken_after:
            content = content[: self.broken_after]
            request.close_connection = True
        part = max(1, len(content) // SLOW_PARTS) if self.slow else len(content) or 1
        for at in range(0, len(content), part):
            if self.slow and self.closing.wait(SLOW_SECONDS):
                return
            request.wfile.write(content[at : at + part])
        there.close()


@contextmanager
def gate_before(server: S3Server) -> Iterator[Gate]:
    """Give a gate, and close it."""
    gate = Gate(server)
    try:
        yield gate
    finally:
        gate.close()
