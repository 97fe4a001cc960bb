"""Media in a bucket of an S3-compatible storage: the same for every host, private, read and written by us alone."""

from __future__ import annotations

import datetime
import mimetypes
import os
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from boto3.s3.transfer import TransferConfig
from storages.backends.s3 import S3Storage

from trainings.storages import Arriving, Look, errors
from trainings.storages.bucket_errors import translated
from trainings.storages.bucket_incoming import BucketIncoming

PIECE_BYTES = 256 * 1024
"""Read and sent at a time."""
SIDE_BY_SIDE = 8
"""Files sent or deleted at once: a streamable video is hundreds of small ones."""
IN_THIS_THREAD = TransferConfig(use_threads=False, multipart_threshold=64 * 2**20, multipart_chunksize=64 * 2**20)
"""The caller's thread, which can be interrupted; 64 MiB a part reach 625 GiB."""


class BucketStorage(S3Storage):  # type: ignore[misc]
    """See `trainings.storages.MediaStorage`. Keys, address and bucket are as django-storages takes them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._lock = threading.Lock()
        self._clients: dict[int, Any] = {}

    @property
    def client(self) -> Any:
        """Return the process's own client: making one takes a tenth of a second, and threads may share it."""
        with self._lock:
            if os.getpid() not in self._clients:
                self._clients = {os.getpid(): self._new_client()}
            return self._clients[os.getpid()]

    def _new_client(self) -> Any:
        return self._create_session().client(
            "s3", region_name=self.region_name, endpoint_url=self.endpoint_url, config=self.client_config
        )

    def place(self, name: str) -> dict[str, str]:
        """Return what names a file in a call."""
        return {"Bucket": self.bucket_name, "Key": self._normalize_name(name)}

    def require_space(self, needed: int) -> None:
        """A bucket has no end that could be asked for."""

    def look(self, name: str) -> Look:
        """Return what is known of a file."""
        with translated(self, name):
            head = self.client.head_object(**self.place(name))
        return Look(head["ContentLength"], head["LastModified"])

    def read(self, name: str, part: range) -> Iterator[bytes]:
        """Yield these bytes of a file."""
        if not part:
            return
        with translated(self, name):
            wanted = f"bytes={part.start}-{part.stop - 1}"
            body = self.client.get_object(**self.place(name), Range=wanted)["Body"]
            try:
                yield from body.iter_chunks(PIECE_BYTES)
            finally:
                body.close()

    def fetch(self, name: str, scratch: Path, check: Callable[[], None]) -> Path:
        """Copy the file into `scratch`."""
        size, copy = self.look(name).size, scratch / uuid.uuid4().hex
        with copy.open("wb") as target:
            while (begun := target.tell()) < size:
                try:
                    for piece in self.read(name, range(begun, size)):
                        target.write(piece)
                        check()
                except errors.StorageTrouble:
                    if target.tell() == begun:
                        raise  # an answer that brought something is asked for the rest
        return copy

    def put(self, source: Path, name: str) -> None:
        """Send a file; the local one stays, in a folder that its attempt deletes."""
        with translated(self, name):
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            self.client.upload_file(
                str(source), *self.place(name).values(), ExtraArgs={"ContentType": kind}, Config=IN_THIS_THREAD
            )

    def put_folder(self, source: Path, name: str) -> None:
        """Send a folder's files, several at once."""
        files = [path for path in source.rglob("*") if path.is_file()]
        _side_by_side(lambda path: self.put(path, f"{name}/{path.relative_to(source).as_posix()}"), files)

    def folders(self, name: str) -> list[str]:
        """Return the names of the folders directly in a folder, those of unfinished uploads too."""
        top = self._prefix(name)
        found = {prefix["Prefix"] for page in self._pages(name, "/") for prefix in page.get("CommonPrefixes", [])}
        found |= {top + key.removeprefix(top).split("/")[0] + "/" for key, _, _ in self.unfinished(name)}
        return sorted(f"{name}/{prefix.removeprefix(top).rstrip('/')}" for prefix in found)

    def names(self, name: str) -> list[str]:
        """Return the names of the files directly in a folder."""
        top = self._prefix(name)
        return [f"{name}/{file['Key'].removeprefix(top)}" for page in self._pages(name, "/") for file in _files(page)]

    def changed_at(self, folder: str) -> datetime.datetime | None:
        """Return when something was last put into a folder."""
        changes = [file["LastModified"] for page in self._pages(folder) for file in _files(page)]
        changes += [begun for _, _, begun in self.unfinished(folder)]
        return max(changes, default=None)

    def remove(self, name: str) -> None:
        """Delete a file."""
        with translated(self, name):
            self.client.delete_object(**self.place(name))

    def remove_folder(self, name: str) -> None:
        """Delete whatever begins with the folder's name, file by file: not every server knows how to delete many."""
        with translated(self, name):
            for key, upload_id, _ in self.unfinished(name):
                self.client.abort_multipart_upload(Bucket=self.bucket_name, Key=key, UploadId=upload_id)
            keys = [file["Key"] for page in self._pages(name) for file in _files(page)]
            client = self.client
            _side_by_side(lambda key: client.delete_object(Bucket=self.bucket_name, Key=key), keys)

    def unfinished(self, name: str) -> list[tuple[str, str, datetime.datetime]]:
        """Return key, id and time of the multipart uploads in a folder that were begun and not completed."""
        prefix = self._prefix(name)
        with translated(self, name):
            pages = self.client.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket_name, Prefix=prefix)
            return [
                (one["Key"], one["UploadId"], one["Initiated"])
                for page in pages
                for one in page.get("Uploads", [])
                if one["Key"].startswith(prefix)  # some servers list the whole bucket, and these may be ended
            ]

    def incoming(self, upload: Arriving) -> BucketIncoming:
        """Return the multipart upload that an upload's bytes become."""
        return BucketIncoming(self, upload)

    def probe(self) -> None:
        """Put, read, list and delete: each right that is needed."""
        name = f".ready/{uuid.uuid4()}"
        with translated(self, name):
            self.client.put_object(**self.place(name), Body=b"ready")
            self.client.get_object(**self.place(name))["Body"].read()
        self.names(".ready")
        self.remove(name)

    def _prefix(self, name: str) -> str:
        return f"{self._normalize_name(name)}/"

    def _pages(self, name: str, delimiter: str = "") -> Iterator[dict[str, Any]]:
        with translated(self, name):
            paginator = self.client.get_paginator("list_objects_v2")
            yield from paginator.paginate(Bucket=self.bucket_name, Prefix=self._prefix(name), Delimiter=delimiter)


def _files(page: dict[str, Any]) -> list[dict[str, Any]]:
    files: list[dict[str, Any]] = page.get("Contents", [])
    return files


def _side_by_side(work: Callable[[Any], Any], pieces: Iterable[Any]) -> None:
    """Do all of it, several at once; the first failure, or an interruption, ends the rest."""
    pool = ThreadPoolExecutor(SIDE_BY_SIDE)
    try:
        for _ in pool.map(work, pieces):
            pass
    finally:
        pool.shutdown(cancel_futures=True)
