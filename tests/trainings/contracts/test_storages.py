"""What every storage does, wherever the media lie."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from trainings.storages import MediaStorage, errors, media_storage

MIB = 2**20


@dataclass
class Coming:
    """What a storage needs of an upload's row."""

    id: UUID = field(default_factory=uuid4)
    size: int | None = None
    offset: int = 0
    multipart: str = ""

    @property
    def name(self) -> str:
        return f"uploads/{self.id}/recording"


@pytest.fixture(params=["disk", "bucket"])
def storage(request: pytest.FixtureRequest) -> MediaStorage:
    """Each of them in turn."""
    request.getfixturevalue("media_root" if request.param == "disk" else "bucket")
    return media_storage()


def put(storage: MediaStorage, folder: Path, name: str, content: bytes) -> None:
    source = folder / uuid4().hex
    source.write_bytes(content)
    storage.put(source, name)


def content_of(storage: MediaStorage, name: str) -> bytes:
    return b"".join(storage.read(name, range(storage.look(name).size)))


def test_a_file_is_read_as_it_was_put_and_in_parts(storage: MediaStorage, tmp_path: Path) -> None:
    content = os.urandom(MIB + 7)
    put(storage, tmp_path, "trainings/a/film.mp4", b"what was there before")
    put(storage, tmp_path, "trainings/a/film.mp4", content)
    assert content_of(storage, "trainings/a/film.mp4") == content
    assert b"".join(storage.read("trainings/a/film.mp4", range(5, MIB))) == content[5:MIB]
    assert list(storage.read("trainings/a/film.mp4", range(3, 3))) == []
    assert storage.fetch("trainings/a/film.mp4", tmp_path, lambda: None).read_bytes() == content


def test_a_file_that_is_not_there_is_not_found(storage: MediaStorage, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        storage.look("trainings/a/film.mp4")
    with pytest.raises(FileNotFoundError):
        list(storage.read("trainings/a/film.mp4", range(1)))
    with pytest.raises(FileNotFoundError):
        storage.fetch("trainings/a/film.mp4", tmp_path, lambda: None)
    assert (storage.folders("trainings"), storage.names("trainings"), storage.changed_at("trainings")) == ([], [], None)


def test_folders_come_and_go_with_all_they_hold(storage: MediaStorage, tmp_path: Path) -> None:
    made = tmp_path / "made"
    (made / "parts").mkdir(parents=True)
    (made / "list").write_text("list")
    (made / "parts" / "one").write_text("one")
    storage.put_folder(made, "trainings/a/video")
    put(storage, tmp_path, "trainings/ab/poster", b"of another whose name begins the same")
    assert storage.names("trainings/a/video") == ["trainings/a/video/list"]
    assert storage.folders("trainings/a/video") == ["trainings/a/video/parts"]
    assert storage.folders("trainings") == ["trainings/a", "trainings/ab"]
    assert content_of(storage, "trainings/a/video/parts/one") == b"one"
    assert storage.changed_at("trainings/a/video")
    for _ in range(2):
        storage.remove("trainings/a/video/list")
        assert storage.names("trainings/a/video") == []
    for _ in range(2):
        storage.remove_folder("trainings/a")
        assert storage.folders("trainings") == ["trainings/ab"]


def test_an_upload_becomes_one_file_over_many_requests(storage: MediaStorage) -> None:
    content = os.urandom(11 * MIB + 5)
    upload = Coming(size=len(content))
    storage.incoming(upload).make()
    for size in (1, 5 * MIB, 3, 6 * MIB, MIB):
        assert storage.incoming(upload).holds()
        with storage.incoming(upload).open() as sink:
            sink.write(content[upload.offset : upload.offset + size])
            upload.offset = sink.flush()
    assert upload.offset == len(content)
    for _ in range(2):
        storage.incoming(upload).complete()
    assert hashlib.sha256(content_of(storage, upload.name)).digest() == hashlib.sha256(content).digest()


def test_what_a_request_takes_back_never_came(storage: MediaStorage) -> None:
    upload = Coming(size=10)
    storage.incoming(upload).make()
    with storage.incoming(upload).open() as sink:
        sink.write(b"12345")
        upload.offset = sink.flush()
    with storage.incoming(upload).open() as sink:
        sink.write(b"wrong")
        sink.undo(upload.offset)
    with storage.incoming(upload).open() as sink:
        sink.write(b"67890")
        upload.offset = sink.flush()
    storage.incoming(upload).complete()
    assert content_of(storage, upload.name) == b"1234567890"


def test_what_was_discarded_is_gone(storage: MediaStorage) -> None:
    upload = Coming(size=10)
    storage.incoming(upload).make()
    with storage.incoming(upload).open() as sink:
        sink.write(b"12345")
        upload.offset = sink.flush()
    for _ in range(2):
        storage.incoming(upload).discard()
    assert not storage.incoming(upload).holds()
    with pytest.raises(errors.Lost), storage.incoming(upload).open():
        pass


def test_a_storage_that_can_be_used_leaves_nothing_of_the_question(storage: MediaStorage) -> None:
    storage.require_space(1)
    storage.probe()
    assert storage.names(".ready") == []
