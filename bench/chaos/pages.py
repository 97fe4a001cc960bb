"""Open pages at each host with web, one of the company and one of another: what each is told goes into the history."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from bench.chaos.history import note
from trainings.verification import visitor


def open_page(name: str, user: Any, host: str, address: str, over: threading.Event) -> threading.Thread:
    """Keep a page of `host` open until the world is over; it connects again as a browser would."""
    cookie = visitor.cookie(user)

    def stay() -> None:
        while not over.is_set():
            try:
                _listen(name, host, address, cookie, over)
            except (OSError, WebSocketException, TimeoutError):
                time.sleep(0.3)
            note("page_closed", page=name, host=host, durable=False)

    thread = threading.Thread(target=stay, daemon=True)
    thread.start()
    return thread


def _listen(name: str, host: str, address: str, cookie: str, over: threading.Event) -> None:
    with connect(f"ws://{address}/ws/jobs/", additional_headers={"Cookie": cookie}, proxy=None) as socket:
        while not over.is_set():
            try:
                message = json.loads(socket.recv(timeout=0.5))
            except TimeoutError:
                continue
            if message["type"] == "snapshot":
                note("page_open", page=name, host=host, durable=False)
            for job in message["jobs"] if message["type"] == "snapshot" else [message["job"]]:
                told = {"job": job["id"], "version": job["version"], "status": job["status"]}
                note("page", page=name, host=host, **told, durable=False)
