"""The bytes on their way to an upload address: in chunks, and on from where they stopped.

Mux's addresses speak the resumable uploads of Google Cloud Storage (cloud.google.com/storage/docs/resumable-uploads):
each chunk says its place in Content-Range, "308" asks for more and says in Range what has arrived.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import urllib3

from trainings.providers.mux_ import errors

CHUNK = 8 * 1024 * 1024
"""Bytes; a multiple of 256 KiB, as every chunk but the last must be."""
TIMEOUT = urllib3.Timeout(connect=10.0, read=120.0)
_RANGE = re.compile(r"bytes=0-(\d+)")


class Expired(Exception):
    """The address is not good any more: a new one is needed."""


def send(recording: Path, url: str, *, check: Callable[[], None], sent: Callable[[float], None]) -> None:
    """Send what is missing of `recording`; `sent` is told the share that has arrived, 0 to 1.

    Raises `Expired`, and what `errors` tells.
    """
    total = recording.stat().st_size
    pool = urllib3.PoolManager(retries=False, timeout=TIMEOUT)
    with pool, recording.open("rb") as file:
        at = _put(pool, url, b"", f"bytes */{total}", total)
        while at < total:
            check()
            sent(at / total)
            file.seek(at)
            chunk = file.read(CHUNK)
            arrived = _put(pool, url, chunk, f"bytes {at}-{at + len(chunk) - 1}/{total}", total)
            if arrived <= at:
                raise errors.out_of_order("nothing of a chunk arrived")
            at = arrived
    sent(1.0)


def _put(pool: urllib3.PoolManager, url: str, chunk: bytes, content_range: str, total: int) -> int:
    """Send a chunk, or ask with an empty one; return how many bytes have arrived in all."""
    try:
        answer = pool.request("PUT", url, body=chunk, headers={"Content-Range": content_range}, redirect=False)
    except urllib3.exceptions.HTTPError as error:
        raise errors.out_of_order(f"{type(error).__name__} while sending") from None  # its text has the address
    if answer.status in (200, 201):
        return total
    if answer.status == 308:
        found = _RANGE.fullmatch(answer.headers.get("Range", ""))
        return int(found[1]) + 1 if found else 0
    if answer.status in (400, 403, 404, 410):
        raise Expired(str(answer.status))
    raise errors.refused(answer.status, answer.headers, answer.data)
