"""A speech server of another maker, `faster-whisper-server` of PyPI, as a process of its own with our small model."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.ports import free_port
from tests.waiting import answers, until
from trainings import whisper_weights

MODEL = "whisper-1"


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Give the address for `OPENAI_BASE_URL`; `folder` is for its configuration and its log."""
    port = free_port()
    weights = str(whisper_weights.folder("tiny.en"))
    options = {"model_options": {"device": "cpu", "compute_type": "int8", "cpu_threads": 2}}
    (folder / "models.json").write_text(json.dumps({"models": [{"name": MODEL, "path": weights, **options}]}))
    argv = [sys.executable, "-m", "faster_whisper_server", "--config", str(folder / "models.json")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([*argv, "--host", "127.0.0.1", "--port", str(port)], stdout=log, stderr=log)
    try:
        until(lambda: server.poll() is not None or answers(f"http://127.0.0.1:{port}/health"), "the speech server")
        assert server.poll() is None, (folder / "log").read_text()[-2000:]
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.kill()
        server.wait()
