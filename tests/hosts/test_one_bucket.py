"""Two web hosts and a worker host, each with a folder of its own, share a database and a bucket: the whole way of a
recording, its pieces sent to one web host and the other in turn."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from rest_framework.authtoken.models import Token

from jobs.models import BackgroundJob
from tests.fakes.s3 import S3Server
from tests.trainings.real_server import database_url
from trainai.accounts.models import User
from trainai.sample import RECORDING

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos]
PATIENCE_SECONDS = 240.0


class Host:
    """`manage.py up` with a folder of its own."""

    def __init__(self, folder: Path, only: str, environment: dict[str, str]) -> None:
        folder.mkdir()
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.folder = folder
        self.url = f"http://127.0.0.1:{self.port}"
        own = {"VAR_DIR": str(folder), "PORT": str(self.port), "DJANGO_SETTINGS_MODULE": "trainai.settings"}
        known = {name: value for name, value in os.environ.items() if name != "MEDIA_ROOT"}
        argv = [sys.executable, "manage.py", "up", "--only", only]
        self.log = (folder / "log").open("w")
        self.process = subprocess.Popen(argv, env={**known, **environment, **own}, stdout=self.log, stderr=self.log)

    def wait(self) -> None:
        until(lambda: self._answers(), (self.folder / "log").read_text())

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        self.log.close()
        return self.process.wait(60)


@pytest.fixture
def bucket(tmp_path: Path) -> Iterator[S3Server]:
    server = S3Server(tmp_path / "bucket")
    server.start()
    yield server
    server.stop()


def until(ready: object, what: str) -> None:
    """Wait until `ready` says yes."""
    assert callable(ready)
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not ready():
        assert time.monotonic() < give_up, what
        time.sleep(0.1)


def test_a_recording_goes_the_whole_way_over_three_hosts_and_leaves_nothing(
    bucket: S3Server, tmp_path: Path, alice: User
) -> None:
    shared = bucket.environment() | {"DATABASE_URL": database_url(), "SECRET_KEY": "shared", "WHISPER_MODEL": "base"}
    with ExitStack() as stack:
        first, second = (Host(tmp_path / name, "web", shared) for name in ("first", "second"))
        workers = Host(tmp_path / "workers", "workers", shared)
        for host in (first, second, workers):
            stack.callback(host.stop)
        first.wait()
        second.wait()
        who = {"Authorization": f"Token {Token.objects.create(user=alice).key}"}
        webs = [httpx.Client(base_url=host.url, headers=who, timeout=60, trust_env=False) for host in (first, second)]

        training = _send(webs)
        address = f"/api/trainings/{training}/"
        until(lambda: webs[0].get(address).json()["status"] != "processing", json.dumps(_states()))
        told = webs[1].get(address).json()
        assert told["status"] == "ready", _states()
        assert told["steps"]
        assert "WEBVTT" in webs[1].get(f"{address}transcript.vtt").text
        for web in webs:
            master = web.get(urlsplit(told["video"]["playback"]).path)
            assert master.text.startswith("#EXTM3U")
            picture = web.get(urlsplit(told["steps"][0]["picture"]).path)
            assert picture.content[8:12] == b"WEBP"
            assert web.get(f"/media/{training}/-/source", headers={"Range": "bytes=0-9"}).status_code == 206
        assert not [host for host in (first, second, workers) if (host.folder / "media").exists()]
        assert not list((tmp_path / "workers" / "scratch").glob("*"))

        assert webs[1].delete(address).status_code == 204
        until(
            lambda: not [path for path in bucket.folder.rglob("*") if path.is_file() and training in str(path)],
            "the files go",
        )
        until(lambda: BackgroundJob.objects.filter(job_type="training_removal", status="completed").exists(), "removed")
        assert not [path for path in (bucket.folder / "media").rglob("*") if path.is_file()]


def _send(webs: list[httpx.Client]) -> str:
    """Send the sample piece by piece, each to the other host; return the training."""
    content = RECORDING.read_bytes()
    tus = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}
    address = webs[0].post("/api/uploads/", headers={**tus, "Upload-Length": str(len(content))}).headers["Location"]
    offset, turn = 0, 0
    while offset < len(content):
        piece = content[offset : offset + len(content) // 3 + 1]
        answer = webs[turn % 2].patch(address, content=piece, headers={**tus, "Upload-Offset": str(offset)})
        assert answer.status_code == 204, answer.text
        offset, turn = int(answer.headers["Upload-Offset"]), turn + 1
    assert turn >= 3
    return answer.headers["Upload-Training"]


def _states() -> list[object]:
    return list(BackgroundJob.objects.values_list("job_type", "status", "error_data"))
