"""An upload's bytes as the parts of one multipart upload, so that the next piece may come to any host.

Every part but the last has PART_BYTES (S3 wants at least 5 MiB, some servers want equal ones), so the offset alone
says which parts there are. What is left over behind the last full part lies in a small object of its own, the tail.
Parts and tails behind the row's offset are remains of a request that died: they are written over.
"""

from __future__ import annotations

import base64
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from botocore.exceptions import ClientError

from trainings.storages.bucket_errors import translated
from trainings.storages.errors import Lost

if TYPE_CHECKING:
    from trainings.storages import Arriving, Sink
    from trainings.storages.bucket import BucketStorage

PART_BYTES = 5 * 2**20
"""What the pages send at once is a multiple of it, so that their pieces need no tail."""
MOST_PARTS = 10_000
LARGEST_UPLOAD = PART_BYTES * MOST_PARTS


class BucketIncoming:
    """See `trainings.storages.Incoming`."""

    def __init__(self, storage: BucketStorage, upload: Arriving) -> None:
        self._storage = storage
        self._upload = upload
        self._place = storage.place(upload.name)

    @property
    def size(self) -> int | None:
        """Bytes of the whole; None while the client does not know it yet."""
        return self._upload.size

    def make(self) -> None:
        """Begin the multipart upload; the caller stores its id in the row."""
        with translated(self._storage, self._upload.name):
            begun = self._storage.client.create_multipart_upload(**self._place)
            self._upload.multipart = begun["UploadId"]

    def holds(self) -> bool:
        """Return whether the parts, or what they became, are there."""
        return self._parts(1) is not None or self._is_completed()

    @contextmanager
    def open(self) -> Iterator[Sink]:
        """Go on behind the offset. Where the file was completed and only the row does not say so, take and drop."""
        with translated(self._storage, self._upload.name):
            if self._parts(1) is not None:
                with tempfile.TemporaryFile() as left_over:
                    yield _Parts(self, self._upload.offset, left_over)
            elif self._is_completed():
                yield _Dropped(self._upload.offset)
            else:
                raise Lost

    def complete(self) -> None:
        """Join the parts."""
        with translated(self._storage, self._upload.name):
            parts = self._parts()
            if parts is None:
                if not self._is_completed():
                    raise Lost
                return
            self._add_last(parts)
            self._join(parts)
            self._remove_tails()

    def discard(self) -> None:
        """Delete the parts, the tails and the file."""
        self._storage.remove_folder(self._upload.name.rpartition("/")[0])

    def put_part(self, number: int, body: IO[bytes] | bytes) -> str:
        """Send a part; return its tag."""
        sent = self._storage.client.upload_part(
            **self._place, UploadId=self._upload.multipart, PartNumber=number, Body=body, ContentMD5=_md5(body)
        )
        return str(sent["ETag"])

    def put_tail(self, number: int, body: IO[bytes]) -> None:
        """Keep what is not a part yet."""
        self._storage.client.put_object(**self._tail(number), Body=body, ContentMD5=_md5(body))

    def tail(self, number: int, size: int) -> bytes:
        """Return the first `size` bytes of what was kept. Raises Lost."""
        try:
            kept: bytes = self._storage.client.get_object(**self._tail(number))["Body"].read()
        except ClientError as error:
            if error.response["Error"].get("Code") != "NoSuchKey":
                raise
            raise Lost from error
        if len(kept) < size:
            raise Lost
        return kept[:size]

    def _add_last(self, parts: dict[int, tuple[int, str]]) -> None:
        full, rest = divmod(self._upload.offset, PART_BYTES)
        if rest and parts.get(full + 1, (0, ""))[0] != rest:
            parts[full + 1] = (rest, self.put_part(full + 1, self.tail(full + 1, rest)))
        wanted = full + bool(rest)
        if any(parts.get(number, (0, ""))[0] != PART_BYTES for number in range(1, full + 1)):
            raise Lost
        for number in [number for number in parts if number > wanted]:
            del parts[number]

    def _join(self, parts: dict[int, tuple[int, str]]) -> None:
        client, place = self._storage.client, self._place
        if not parts:
            client.put_object(**place, Body=b"")
            client.abort_multipart_upload(**place, UploadId=self._upload.multipart)
            return
        named = [{"PartNumber": number, "ETag": tag} for number, (_, tag) in sorted(parts.items())]
        client.complete_multipart_upload(**place, UploadId=self._upload.multipart, MultipartUpload={"Parts": named})

    def _parts(self, most: int = 0) -> dict[int, tuple[int, str]] | None:
        """Return size and tag of each part by its number; None when the multipart upload is not there any more."""
        if not self._upload.multipart:
            return None
        pages = self._storage.client.get_paginator("list_parts").paginate(
            **self._place, UploadId=self._upload.multipart, PaginationConfig={"MaxItems": most or MOST_PARTS}
        )
        try:
            return {
                part["PartNumber"]: (part["Size"], part["ETag"]) for page in pages for part in page.get("Parts", [])
            }
        except ClientError as error:
            if error.response["Error"].get("Code") == "NoSuchUpload":
                return None
            raise

    def _is_completed(self) -> bool:
        try:
            return self._storage.look(self._upload.name).size == self._upload.size
        except FileNotFoundError:
            return False

    def _remove_tails(self) -> None:
        folder = self._upload.name.rpartition("/")[0]
        for name in self._storage.names(folder):
            if name != self._upload.name:
                self._storage.remove(name)

    def _tail(self, number: int) -> dict[str, str]:
        return self._storage.place(f"{self._upload.name.rpartition('/')[0]}/tail-{number}")


class _Parts:
    """See `trainings.storages.Sink`. `left_over` holds what is not a part yet, on this host's disk."""

    def __init__(self, incoming: BucketIncoming, offset: int, left_over: IO[bytes]) -> None:
        self._incoming = incoming
        self._full, rest = divmod(offset, PART_BYTES)
        self._settled = offset
        self._left_over = left_over
        self._left = rest
        if rest:
            left_over.write(incoming.tail(self._full + 1, rest))

    def write(self, piece: bytes) -> None:
        """Send a part as soon as there is one."""
        view = memoryview(piece)
        while view:
            taken = view[: PART_BYTES - self._left]
            self._left_over.write(taken)
            self._left += len(taken)
            view = view[len(taken) :]
            if self._left == PART_BYTES:
                self._send_part()

    def checkpoint(self) -> int:
        """The parts are durable; the left-over is not."""
        self._settled = max(self._settled, self._full * PART_BYTES)
        return self._settled

    def flush(self) -> int:
        """Keep the left-over: as the last part, or as the tail when more is to come."""
        reached = self._full * PART_BYTES + self._left
        if self._left and reached > self._settled:
            self._left_over.seek(0)
            keep = self._incoming.put_part if reached == self._incoming.size else self._incoming.put_tail
            keep(self._full + 1, self._left_over)
            self._left_over.seek(self._left)
        self._settled = reached
        return reached

    def undo(self, offset: int) -> None:
        """What is behind the offset does not count."""

    def _send_part(self) -> None:
        self._left_over.seek(0)
        self._incoming.put_part(self._full + 1, self._left_over)
        self._left_over.seek(0)
        self._left_over.truncate()
        self._full, self._left = self._full + 1, 0


class _Dropped:
    """See `trainings.storages.Sink`: every byte is there already."""

    def __init__(self, offset: int) -> None:
        self._offset = offset

    def write(self, piece: bytes) -> None:
        self._offset += len(piece)

    def checkpoint(self) -> int:
        return self._offset

    def flush(self) -> int:
        return self._offset

    def undo(self, offset: int) -> None:
        pass


def _md5(body: IO[bytes] | bytes) -> str:
    """Return what the server compares with what arrived (RFC 1864)."""
    if isinstance(body, bytes):
        digest = hashlib.md5(body, usedforsecurity=False)
    else:
        digest = hashlib.file_digest(body, lambda: hashlib.md5(usedforsecurity=False))  # type: ignore[arg-type]
        body.seek(0)
    return base64.b64encode(digest.digest()).decode()
