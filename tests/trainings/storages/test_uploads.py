"""tus pieces of any size become one object, whichever host takes which and whatever dies in between."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable

import pytest

from tests.fakes.s3 import Gate
from tests.trainings.tus_client import TusClient
from trainai.accounts.models import User
from trainings import pipeline, sweeping
from trainings.models import Training, Upload
from trainings.piece_size import PAGE_PIECE_BYTES
from trainings.storages import bucket_incoming, media_storage
from trainings.storages.bucket import BucketStorage
from trainings.storages.bucket_incoming import PART_BYTES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bucket", "idle_handlers")]


@pytest.fixture
def tus(alice: User) -> TusClient:
    return TusClient(alice)


def stored() -> bytes:
    """What the bucket has of the one upload."""
    upload = Upload.objects.get()
    assert upload.size is not None
    return b"".join(media_storage().read(upload.name, range(upload.size)))


def in_folder() -> list[str]:
    """The names beside the recording, and the multipart uploads that are open."""
    storage, folder = media_storage(), f"uploads/{Upload.objects.get().pk}"
    assert isinstance(storage, BucketStorage)
    return [*storage.names(folder), *(key for key, _, _ in storage.unfinished(folder))]


def test_the_pieces_of_our_pages_are_whole_parts(tus: TusClient) -> None:
    page = tus.http.get("/trainings/new/").content.decode()
    assert f'data-piece-bytes="{PAGE_PIECE_BYTES}"' in page
    assert PAGE_PIECE_BYTES % PART_BYTES == 0


PIECES = {
    "in one piece": lambda content: [len(content)],
    "in the pieces of the page": lambda content: [PART_BYTES] * (len(content) // PART_BYTES) + [len(content)],
    "in pieces that fit nowhere": lambda content: [3_000_000] * 8,
    "in crumbs": lambda content: [1, 2, 70_000, PART_BYTES - 1, 2, len(content)],
}


@pytest.mark.parametrize("pieces", PIECES.values(), ids=PIECES.keys())
def test_a_recording_arrives_whole(tus: TusClient, pieces: Callable[[bytes], list[int]]) -> None:
    content = os.urandom(2 * PART_BYTES + 12_345)
    address, offset = tus.start(len(content)), 0
    for size in pieces(content):
        answer = tus.patch(address, content[offset : offset + size], offset)
        offset = int(answer.headers["Upload-Offset"])
        assert tus.head(address).headers["Upload-Offset"] == str(offset)
        if offset == len(content):
            break
    assert hashlib.sha256(stored()).digest() == hashlib.sha256(content).digest()
    assert in_folder() == [Upload.objects.get().name]
    assert answer.headers["Upload-Training"] == str(Training.objects.get().pk)


@pytest.mark.parametrize("size", [0, 1, PART_BYTES, PART_BYTES + 1])
def test_sizes_at_the_edge_arrive_whole(tus: TusClient, size: int) -> None:
    content = os.urandom(size)
    tus.send(content) if size else tus.create(0)
    assert stored() == content
    assert Training.objects.exists()


def test_a_recording_whose_length_comes_last_arrives_whole(tus: TusClient) -> None:
    content = os.urandom(PART_BYTES + 999)
    address = tus.start(None)
    tus.patch(address, content, 0)
    tus.patch(address, b"", len(content), upload_length=str(len(content)))
    assert stored() == content


def test_a_piece_with_a_wrong_checksum_leaves_nothing(tus: TusClient) -> None:
    content = os.urandom(PART_BYTES + 10)
    address = tus.start(len(content))
    tus.patch(address, content[:100], 0)
    wrong = tus.patch(address, os.urandom(PART_BYTES - 90), 100, upload_checksum="sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA=")
    assert wrong.status_code == 460
    assert tus.patch(address, content[100:], 100).status_code == 204
    assert stored() == content


def test_what_a_host_sent_before_it_died_is_sent_again_by_another(
    tus: TusClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The part and a longer tail are in the bucket, and the row does not know."""
    content = os.urandom(PART_BYTES + 5_000)
    address = tus.start(len(content))
    tus.patch(address, content[:1000], 0)
    before = Upload.objects.get().offset
    with monkeypatch.context() as dying:
        dying.setattr(pipeline, "settle", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            tus.patch(address, content[1000:-1], 1000)
    assert Upload.objects.get().offset == before
    tus.patch(address, content[1000:], 1000)
    assert stored() == content


def test_a_host_that_dies_between_the_last_byte_and_the_row_loses_nothing(
    tus: TusClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The object is complete, its parts are gone, and the row waits for its last piece."""
    content = os.urandom(PART_BYTES + 5_000)
    address = tus.start(len(content))
    tus.patch(address, content[:PART_BYTES], 0)
    with monkeypatch.context() as dying:
        dying.setattr(pipeline, "settle", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            tus.patch(address, content[PART_BYTES:], PART_BYTES)
    assert tus.head(address).headers["Upload-Offset"] == str(PART_BYTES)
    assert tus.patch(address, content[PART_BYTES:], PART_BYTES).headers["Upload-Training"]
    assert stored() == content


def test_parts_that_somebody_removed_end_the_upload_as_gone(tus: TusClient) -> None:
    address = tus.start(1000)
    media_storage().remove_folder(f"uploads/{Upload.objects.get().pk}")
    assert tus.head(address).status_code == 410
    assert tus.patch(address, b"x", 0).status_code == 410


def test_giving_up_leaves_nothing_in_the_bucket(tus: TusClient) -> None:
    address = tus.start(3 * PART_BYTES)
    tus.patch(address, os.urandom(PART_BYTES + 1), 0)
    assert tus.delete(address).status_code == 204
    assert in_folder() == []


def test_what_no_row_knows_is_swept_from_the_bucket(tus: TusClient, monkeypatch: pytest.MonkeyPatch) -> None:
    address = tus.start(3 * PART_BYTES)
    tus.patch(address, os.urandom(PART_BYTES + 1), 0)
    Upload.objects.update(discarded_at="2026-01-01T00:00Z")
    assert sweeping.sweep()["folders"] == 0
    monkeypatch.setattr(sweeping, "ORPHAN_HOURS", -1)
    assert sweeping.sweep()["folders"] == 1
    assert media_storage().folders("uploads") == []


def test_a_recording_that_was_never_finished_is_used_when_it_expires(tus: TusClient) -> None:
    metadata = "source c2NyZWVu"  # "screen"
    address = tus.start(None, upload_metadata=metadata)
    content = os.urandom(PART_BYTES + 77)
    tus.patch(address, content, 0)
    Upload.objects.update(expires_at="2026-01-01T00:00Z")
    assert sweeping.sweep()["uploads"] == 1
    assert stored() == content


def test_a_page_sends_pieces_that_are_parts(bucket: Gate, tus: TusClient) -> None:
    """No byte goes over the network twice, and nothing is read back."""
    content = os.urandom(2 * PART_BYTES)
    address = tus.start(len(content))
    bucket.requests.clear()
    for offset in (0, PART_BYTES):
        tus.patch(address, content[offset : offset + PART_BYTES], offset)
    sent = [line for line in bucket.requests if line.startswith("PUT")]
    assert len(sent) == 2
    assert all("partNumber=" in line for line in sent)
    assert bucket_incoming.LARGEST_UPLOAD > 48 * 2**30
