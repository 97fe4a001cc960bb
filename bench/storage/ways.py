"""The two ways of a file into the bucket, and what each asks of the web process."""

from __future__ import annotations

import hashlib
import http.client
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import psutil

from bench.served import Served, wait_for_quiet_disk
from bench.upload.sender import Sender
from bench.upload.source import Source
from tests.fakes.s3 import BUCKET, S3Server
from trainings.piece_size import PAGE_PIECE_BYTES
from trainings.storages.bucket_incoming import PART_BYTES

Figures = dict[str, float]


def through_web(server: Served, sender: Sender, storage: S3Server, source: Source) -> Figures:
    """Send by tus. Each byte comes into the web process and leaves it."""
    from trainings.models import Upload

    with _watched(source, storage) as figures:
        used = server.cpu_seconds()
        server.forget_peak()
        path = sender.begin(source.size)
        for offset in range(0, source.size, PAGE_PIECE_BYTES):
            sender.patch(path, source, offset, min(PAGE_PIECE_BYTES, source.size - offset))
    figures |= {"cpu_seconds": server.cpu_seconds() - used, "megabytes": server.peak_megabytes()}
    figures["bytes_over_web"] = 2.0 * source.size
    _check(Upload.objects.latest("created_at").name, source)
    return figures


def past_web(server: Served, storage: S3Server, source: Source) -> Figures:
    """Send to signed addresses. What the web process would do is done and counted here: begin, sign, complete."""
    server.forget_peak()
    client, place = _client(), {"Bucket": BUCKET, "Key": f"signed/{uuid.uuid4()}"}
    web = _Meter()
    line = http.client.HTTPConnection(urlsplit(storage.url).netloc)
    parts = []
    with _watched(source, storage) as figures, source.path.open("rb") as file:
        upload = web.count(lambda: client.create_multipart_upload(**place))["UploadId"]
        for number in range(1, -(-source.size // PART_BYTES) + 1):
            part = {**place, "UploadId": upload, "PartNumber": number}
            url = web.count(partial(client.generate_presigned_url, "upload_part", Params=part, ExpiresIn=600))
            web.carried += len(url)
            line.request("PUT", url.removeprefix(storage.url), file.read(PART_BYTES))
            answer = line.getresponse()
            answer.read()
            parts.append({"PartNumber": number, "ETag": answer.headers["ETag"]})
        joined = {"Parts": parts}
        web.count(lambda: client.complete_multipart_upload(**place, UploadId=upload, MultipartUpload=joined))
    line.close()
    _check(place["Key"], source)
    figures |= {"cpu_seconds": web.seconds, "megabytes": server.peak_megabytes()}
    return figures | {"bytes_over_web": float(web.carried)}


class _Meter:
    """Processor seconds of this process for what another one would do."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.carried = 0

    def count(self, work: Callable[[], Any]) -> Any:
        before = time.process_time()
        try:
            return work()
        finally:
            self.seconds += time.process_time() - before


@contextmanager
def _watched(source: Source, storage: S3Server) -> Iterator[Figures]:
    """Give the figures, which have the rate and the storage's work afterwards."""
    wait_for_quiet_disk()
    figures: Figures = {}
    used, began = _cpu(storage), time.perf_counter()
    yield figures
    figures["rate"] = source.size / 1e6 / (time.perf_counter() - began)
    figures["storage_cpu_seconds"] = _cpu(storage) - used


def _cpu(storage: S3Server) -> float:
    first = psutil.Process(storage.process.pid)
    every = [each.cpu_times() for each in (first, *first.children(recursive=True))]
    return float(sum(times.user + times.system for times in every))


def _client() -> Any:
    from trainings.storages import media_storage

    storage: Any = media_storage()
    return storage.client


def _check(key: str, source: Source) -> None:
    """Raise when the bucket has something else; then delete it."""
    client, digest = _client(), hashlib.sha256()
    for block in client.get_object(Bucket=BUCKET, Key=key)["Body"].iter_chunks(2**20):
        digest.update(block)
    if digest.hexdigest() != source.sha256:
        raise RuntimeError("what arrived is not what was sent")
    client.delete_object(Bucket=BUCKET, Key=key)
