"""Media goes to members of the company, or for minutes to whoever has a signed link, in whole or in part."""

from __future__ import annotations

import time
import warnings
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.core.signing import TimestampSigner
from django.http import StreamingHttpResponse
from django.test import AsyncClient, Client
from rest_framework.authtoken.models import Token

from tests.trainings.media.conftest import MakeTraining
from trainai.accounts.models import User
from trainings import media_links
from trainings.media_links import media_url
from trainings.models import Training
from trainings.storages import disk

pytestmark = pytest.mark.django_db

CONTENT = bytes(range(256)) * 4


@pytest.fixture
def training(make_training: MakeTraining, media_root: Path) -> Training:
    """A training with one made file."""
    made = make_training("good")
    folder = media_root / "trainings" / str(made.pk) / "video-1"
    folder.mkdir(parents=True)
    (folder / "segments.mp4").write_bytes(CONTENT)
    (folder.parent / "private.txt").write_text("not media")
    (media_root / "secret.mp4").write_text("another's")
    return made


@pytest.fixture
def url(training: Training) -> str:
    return media_url(training, f"trainings/{training.pk}/video-1/segments.mp4")


@pytest.fixture
def member(client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client


def body(response: object) -> bytes:
    assert isinstance(response, StreamingHttpResponse)
    return response.getvalue()


def test_a_member_gets_the_whole_file(member: Client, url: str) -> None:
    response = member.get(url)
    assert (response.status_code, body(response)) == (200, CONTENT)
    assert response["Content-Type"] == "video/mp4"
    assert response["Content-Length"] == str(len(CONTENT))
    assert response["Accept-Ranges"] == "bytes"
    assert response["Cache-Control"].startswith("private")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_program_gets_it_with_its_token(client: Client, url: str, bob: User, charlie: User) -> None:
    def status(token: str) -> int:
        return client.get(url, headers={"Authorization": f"Token {token}"}).status_code

    assert status(Token.objects.create(user=bob).key) == 200
    assert status(Token.objects.create(user=charlie).key) == 404
    assert status("wrong") == 404
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [("bytes=0-0", 0, 1), ("bytes=10-19", 10, 20), ("bytes=1000-", 1000, 1024), ("bytes=-4", 1020, 1024),
     ("bytes=1000-9999", 1000, 1024), ("bytes=-9999", 0, 1024)],
)  # fmt: skip
def test_a_range_is_sent_alone(member: Client, url: str, asked: str, start: int, stop: int) -> None:
    response = member.get(url, headers={"Range": asked})
    assert (response.status_code, body(response)) == (206, CONTENT[start:stop])
    assert response["Content-Range"] == f"bytes {start}-{stop - 1}/1024"
    assert response["Content-Length"] == str(stop - start)


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_behind_the_end_is_refused(member: Client, url: str, asked: str) -> None:
    response = member.get(url, headers={"Range": asked})
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */1024")


@pytest.mark.parametrize("asked", ["bytes=9-2", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", "bytes=", "bytes=-"])
def test_a_range_that_is_none_is_ignored(member: Client, url: str, asked: str) -> None:
    assert member.get(url, headers={"Range": asked}).status_code == 200


def test_a_head_request_tells_the_size_and_sends_nothing(member: Client, url: str) -> None:
    response = member.head(url, headers={"Range": "bytes=0-9"})
    assert (response.status_code, response["Content-Length"], response.content) == (200, "1024", b"")


def test_an_unchanged_file_is_not_sent_again(member: Client, url: str) -> None:
    tag = member.get(url)["ETag"]
    assert member.get(url, headers={"If-None-Match": tag}).status_code == 304
    assert member.get(url, headers={"If-Range": tag, "Range": "bytes=0-9"}).status_code == 206
    assert member.get(url, headers={"If-Range": '"other"', "Range": "bytes=0-9"}).status_code == 200


def test_writing_is_not_possible(member: Client, url: str) -> None:
    assert member.post(url).status_code == 405


def test_a_stranger_and_a_visitor_find_nothing(client: Client, charlie: User, url: str) -> None:
    assert client.get(url).status_code == 404
    client.force_login(charlie)
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["../../secret.mp4", "video-1/../../../secret.mp4", "%2e%2e/%2e%2e/secret.mp4", "private.txt", "missing.mp4",
     "video-1", "/etc/passwd", "a\0b.mp4", "video-1/"],
)  # fmt: skip
def test_nothing_but_media_of_the_training_is_found(member: Client, training: Training, path: str) -> None:
    assert member.get(f"/media/{training.pk}/-/{path}").status_code == 404


def test_the_recording_plays_as_it_was_uploaded(member: Client, training: Training) -> None:
    response = member.get(media_url(training, media_links.SOURCE), headers={"Range": "bytes=4-7"})
    assert (response.status_code, body(response)) == (206, b"ftyp")
    assert response["Content-Type"] == "video/mp4"


def test_an_upload_that_is_no_video_is_not_shown_as_a_page(member: Client, make_training: MakeTraining) -> None:
    response = member.get(media_url(make_training("text"), media_links.SOURCE))
    assert response["Content-Type"] == "application/octet-stream"
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_signed_link_opens_without_a_session_for_ten_minutes(
    client: Client, training: Training, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now)
    url = media_url(training, "video-1/segments.mp4", signed=True)
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 599)
    assert client.get(url).status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 601)
    assert client.get(url).status_code == 404


def test_a_link_signed_for_one_training_opens_no_other(
    client: Client, training: Training, make_training: MakeTraining
) -> None:
    other = make_training("good")
    url = media_url(training, media_links.SOURCE, signed=True)
    assert client.get(url).status_code == 200
    assert client.get(url.replace(str(training.pk), str(other.pk))).status_code == 404
    forged = TimestampSigner(key="another").sign(str(training.pk)).removeprefix(f"{training.pk}:")
    assert client.get(f"/media/{training.pk}/{forged}/source").status_code == 404


def test_the_server_streams_in_pieces_without_holding_up_others(
    training: Training, bob: User, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "PIECE_BYTES", 100)
    client = AsyncClient()
    client.force_login(bob)

    async def pieces() -> list[bytes]:
        response = await client.get(url)
        assert isinstance(response, StreamingHttpResponse)
        assert response.is_async
        return [piece async for piece in response]

    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="StreamingHttpResponse")
        sent = async_to_sync(pieces)()
    assert b"".join(sent) == CONTENT
    assert max(map(len, sent)) == 100
