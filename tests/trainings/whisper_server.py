"""A speech server of another maker, `faster-whisper-server` of PyPI, as a process of its own with our small model."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from trainings import whisper_weights

MODEL = "whisper-1"
PATIENCE_SECONDS = 60.0


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Give the address for `OPENAI_BASE_URL`; `folder` is for its configuration and its log."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    weights = str(whisper_weights.folder("tiny.en"))
    options = {"model_options": {"device": "cpu", "compute_type": "int8", "cpu_threads": 2}}
    (folder / "models.json").write_text(json.dumps({"models": [{"name": MODEL, "path": weights, **options}]}))
    argv = [sys.executable, "-m", "faster_whisper_server", "--config", str(folder / "models.json")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([*argv, "--host", "127.0.0.1", "--port", str(port)], stdout=log, stderr=log)
    try:
        _wait(f"http://127.0.0.1:{port}", server, folder / "log")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.kill()
        server.wait()


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            httpx.get(f"{url}/health", trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"the speech server did not start:\n{log.read_text()[-2000:]}")
