"""Uploads over connections that break and servers that die: real processes, real sockets, real commits."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import socket
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import connection
from rest_framework.authtoken.models import Token

from jobs.models import BackgroundJob
from tests.trainings.real_server import RealServer, running
from tests.waiting import until
from trainai import database, streaming
from trainai.accounts.models import Company, User
from trainings import upload_turns
from trainings.models import Training, Upload

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos]
MB = 2**20


class Sender:
    """Sends to the real server as alice's program."""

    def __init__(self, server: RealServer, user: User) -> None:
        token = Token.objects.get_or_create(user=user)[0].key
        self.server = server
        self.headers = {
            "Tus-Resumable": "1.0.0",
            "Authorization": f"Token {token}",
            "Content-Type": "application/offset+octet-stream",
        }
        self.http = httpx.Client(base_url=server.url, headers=self.headers, timeout=60)

    def start(self, size: int | None) -> str:
        length = {"Upload-Defer-Length": "1"} if size is None else {"Upload-Length": str(size)}
        return str(self.http.post("/api/uploads/", headers=length).headers["Location"])

    def patch(self, address: str, content: Any, offset: int) -> httpx.Response:
        return self.http.patch(address, content=content, headers={"Upload-Offset": str(offset)})

    def offset(self, address: str) -> int:
        return int(self.http.head(address).headers["Upload-Offset"])

    def begin(self, address: str, content: bytes, offset: int, *, claim: int) -> socket.socket:
        """Begin a PATCH that says it has `claim` bytes, send `content` of them and keep the connection."""
        connection = socket.create_connection(self.server.address)
        headers = {**self.headers, "Host": "127.0.0.1", "Upload-Offset": str(offset), "Content-Length": str(claim)}
        lines = [f"PATCH {address} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        connection.sendall("\r\n".join(lines).encode() + content)
        return connection


@pytest.fixture
def server(media_root: Path) -> Iterator[RealServer]:
    with running(media_root) as server:
        yield server


@pytest.fixture
def sender(server: RealServer, alice: User) -> Sender:
    return Sender(server, alice)


def wait_for(happened: Callable[[], bool]) -> None:
    """Wait for an event that another process brings about; pytest's time limit ends a wait in vain."""
    while not happened():
        time.sleep(0.01)


def the_file() -> Path:
    return Upload.objects.get().path


def test_what_came_before_a_cut_is_kept_to_the_last_byte(sender: Sender) -> None:
    content = random.Random(1).randbytes(3 * MB)
    address = sender.start(len(content))
    half = len(content) // 2 + 7
    sender.begin(address, content[:half], 0, claim=len(content)).close()
    wait_for(lambda: sender.offset(address) == half)
    last = sender.patch(address, content[half:], half)
    assert last.headers["Upload-Training"] == str(Training.objects.get().id)
    assert the_file().read_bytes() == content


def test_a_server_killed_in_the_middle_again_and_again_leaves_the_right_bytes(
    sender: Sender, server: RealServer
) -> None:
    chance = random.Random(2)
    content = chance.randbytes(40 * MB)
    address = sender.start(len(content))
    for _ in range(4):
        offset = sender.offset(address)
        assert the_file().stat().st_size >= offset
        sent = min(offset + chance.randrange(MB, 18 * MB), len(content) - 1)
        connection = sender.begin(address, content[offset:sent], offset, claim=len(content) - offset)
        reached = offset + chance.randrange(sent - offset)
        wait_for(lambda: the_file().stat().st_size >= reached)  # noqa: B023 (it is called in this turn only)
        server.kill()
        connection.close()
        server.start()
    # What the dead server stored last may count only now: the offset is asked again, as every client does.
    while (last := sender.patch(address, content[sender.offset(address) :], sender.offset(address))).status_code == 409:
        pass
    assert last.status_code == 204
    assert hashlib.sha256(the_file().read_bytes()).digest() == hashlib.sha256(content).digest()
    assert Training.objects.count() == 1
    assert BackgroundJob.objects.count() == 4


def test_the_newer_of_two_writers_wins_over_one_that_has_fallen_silent(sender: Sender) -> None:
    assert upload_turns.ASK_SECONDS + streaming.WAKE_SECONDS < 2  # seconds that the newer one waits at most
    content = random.Random(3).randbytes(2 * MB)
    address = sender.start(len(content))
    silent = sender.begin(address, content[:MB], 0, claim=len(content))
    wait_for(lambda: the_file().stat().st_size == MB)
    refused = sender.patch(address, content, 0)
    assert (refused.status_code, refused.headers["Upload-Offset"]) == (409, str(MB))
    assert sender.patch(address, content[MB:], MB).status_code == 204
    silent.close()
    assert the_file().read_bytes() == content


def test_an_older_writer_that_still_sends_gives_way_to_the_newer_one(sender: Sender) -> None:
    content = b"." * (2 * MB)
    address = sender.start(len(content))
    older = sender.begin(address, content[:MB], 0, claim=len(content))
    with trickling([older]):
        wait_for(lambda: the_file().stat().st_size > MB)
        refused = sender.patch(address, content, 0)
        assert older.recv(100).startswith(b"HTTP/1.1 204")  # what came of the older one is kept, and told to both
        assert refused.status_code == 409
        kept = int(refused.headers["Upload-Offset"])
        assert MB < kept < len(content)
        assert sender.patch(address, content[kept:], kept).status_code == 204
    older.close()
    assert the_file().read_bytes() == content


def test_more_slow_uploads_than_the_pool_has_connections_leave_the_pages_alone(
    sender: Sender, media_root: Path
) -> None:
    many = database.MOST_CONNECTIONS + 10
    slow = [sender.begin(sender.start(10**6), b"slow", 0, claim=10**6) for _ in range(many)]
    with trickling(slow):
        wait_for(lambda: sum(path.stat().st_size > 9 for path in media_root.glob("uploads/*/recording")) == many)
        # Less than the pool lets a request wait.
        listed = sender.http.get("/api/trainings/", timeout=database.WAIT_SECONDS / 2)
    assert listed.status_code == 200
    for one in slow:
        one.close()
    wait_for(lambda: Upload.objects.filter(offset__gt=9).count() == many)


@contextmanager
def trickling(connections: list[socket.socket]) -> Iterator[None]:
    """Send a byte over each of them now and then, so often that no read has to wait for long."""
    over = threading.Event()

    def send() -> None:
        while not over.wait(streaming.WAKE_SECONDS / 5):
            for one in connections:
                with suppress(ConnectionError):  # answered before its end
                    one.sendall(b".")

    sending = threading.Thread(target=send)
    sending.start()
    try:
        yield
    finally:
        over.set()
        sending.join()


def test_a_writer_that_was_overtaken_after_its_lock_was_cut_off_stores_nothing(sender: Sender) -> None:
    address = sender.start(1000)
    cut_off = sender.begin(address, b"first", 0, claim=1000)
    wait_for(lambda: the_file().stat().st_size == 5)
    another = uuid.uuid4()
    Upload.objects.update(writer=another, holder=another)
    assert cut_off.recv(100).startswith(b"HTTP/1.1 423")
    cut_off.close()
    assert sender.offset(address) == 0
    assert sender.patch(address, b"whole", 0).headers["Upload-Offset"] == "5"


def test_locks_that_were_cut_off_can_be_taken_again(sender: Sender) -> None:
    address = sender.start(10)
    assert sender.patch(address, b"first", 0).status_code == 204
    until(lock_session_is_cut, "the lock is given back by a session, and that is cut")
    assert sender.patch(address, b"other", 5).status_code == 204


def lock_session_is_cut() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND query LIKE '%advisory_unlock%'"
        )
        return bool(cursor.fetchone() == (1,))


def test_two_that_send_the_last_piece_at_once_make_one_training(sender: Sender) -> None:
    content = random.Random(4).randbytes(MB)
    address = sender.start(len(content))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: sender.patch(address, content, 0), range(4)))
    assert sorted({answer.status_code for answer in answers}) in ([204], [204, 409], [204, 409, 423], [204, 423])
    assert sum(answer.status_code == 204 for answer in answers) == 1
    assert the_file().read_bytes() == content
    assert (Training.objects.count(), BackgroundJob.objects.count()) == (1, 4)


def test_a_large_body_costs_no_memory(sender: Sender, server: RealServer) -> None:
    sender.patch(sender.start(MB), bytes(MB), 0)
    before = server.peak_memory()
    size = 96 * MB
    address = sender.start(size)
    assert sender.patch(address, (bytes(MB) for _ in range(96)), 0).status_code == 204
    assert server.peak_memory() - before < 24 * MB


def test_a_long_body_of_unknown_length_is_stopped_where_the_companys_space_ends(sender: Sender) -> None:
    Company.objects.update(quota_bytes=40 * MB)
    address = sender.start(None)
    full = sender.patch(address, (bytes(MB) for _ in range(60)), 0)
    assert (full.status_code, full.json()["error"]["code"]) == (413, "over_quota")
    kept = sender.offset(address)
    assert int(full.headers["Upload-Offset"]) == kept <= 40 * MB
    assert the_file().stat().st_size == kept > 0


def test_a_refused_body_is_not_waited_for(sender: Sender) -> None:
    address = sender.start(None)
    connection = sender.begin(address, b"x", 77, claim=10**9)
    assert connection.recv(100).startswith(b"HTTP/1.1 409")
    connection.close()


def _may_mount(folder: Path) -> bool:
    unshare = shutil.which("unshare")
    if not unshare or os.geteuid() != 0:
        return False
    return subprocess.run([unshare, "-m", "mount", "-t", "tmpfs", "none", folder], capture_output=True).returncode == 0


def test_a_disk_that_fills_up_in_the_middle_keeps_the_offset_right(media_root: Path, alice: User) -> None:
    media_root.mkdir()
    if not _may_mount(media_root):
        pytest.skip("a small disk can only be made by root")
    mount = f'mount -t tmpfs -o size=90m none {media_root} && exec "$@"'
    with running(media_root, wrapper=["unshare", "-m", "sh", "-c", mount, "sh"]) as server:
        sender = Sender(server, alice)
        address = sender.start(None)
        # Sent without a length, so that only the disk itself can say no.
        full = sender.patch(address, (bytes([at]) * MB for at in range(120)), 0)
        assert full.status_code == 507
        kept = int(full.headers["Upload-Offset"])
        assert kept == sender.offset(address) > 0
        disk = Path(f"/proc/{server.process.pid}/root{media_root}")
        stored = disk / f"uploads/{Upload.objects.get().id}/recording"
        assert stored.read_bytes() == b"".join(bytes([at]) * MB for at in range(120))[:kept]
        assert sender.http.delete(address).status_code == 204
        assert not stored.parent.exists()
