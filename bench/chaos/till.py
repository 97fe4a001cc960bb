"""The counting server: each call costs, and is on the disk before it is answered."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bench.chaos import apps
from bench.chaos.history import note

ANSWER_SECONDS = 0.04
"""How long the answer takes after the money is gone: time for a crash to cut in."""


class Till(BaseHTTPRequestHandler):
    """Takes what `Witness.pay` sends."""

    def do_POST(self) -> None:
        bill = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        note("paid", **bill)
        time.sleep(ANSWER_SECONDS)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:
            return  # the caller was killed

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def open_till() -> Iterator[int]:
    """Serve on a free port of this machine; give its number."""
    server = ThreadingHTTPServer((apps.meeting_place(), 0), Till)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
