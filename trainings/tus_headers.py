"""The headers of tus 1.0.0 (https://tus.io/protocols/resumable-upload), read strictly."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from trainings.tus_errors import TusError, invalid_header

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,creation-defer-length,checksum,termination,expiration"
CHECKSUM_ALGORITHMS = ("sha1", "sha256")
MARKS = "Upload-Marks"
"""Ours: the seconds at which new parts begin, beside the bytes, so that neither comes without the other."""
MOST_MARKS = 500
CONTENT_TYPE = "application/offset+octet-stream"
MAX_METADATA = 32 * 1024
"""Characters: a name of 4,000 four-byte characters still fits."""
MAX_MARK_SECONDS = 86_400
MAX_NUMBER = 2**63 - 1
"""What a bigint column holds."""


class Digest(Protocol):
    """What hashlib gives."""

    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


@dataclass(frozen=True)
class Checksum:
    """What the client says its piece hashes to."""

    algorithm: str
    expected: bytes

    def new_digest(self) -> Digest:
        return hashlib.new(self.algorithm, usedforsecurity=False)


def number(headers: Mapping[str, str], name: str) -> int | None:
    """Return a header's whole number, None when it is absent; 400 for anything else."""
    text = headers.get(name)
    if text is None:
        return None
    # isdecimal() alone also takes digits of other scripts.
    if not (text.isascii() and text.isdecimal()) or len(text) > 19 or int(text) > MAX_NUMBER:
        raise invalid_header(_("%(header)s must be a whole number of bytes.") % {"header": name})
    return int(text)


def required_number(headers: Mapping[str, str], name: str) -> int:
    """Return a header's whole number; 400 when it is absent or anything else."""
    value = number(headers, name)
    if value is None:
        raise invalid_header(_("%(header)s is missing.") % {"header": name})
    return value


def deferred_length(headers: Mapping[str, str]) -> bool:
    """Return whether the client will say the length later; 400 for any value but 1."""
    value = headers.get("Upload-Defer-Length")
    if value not in (None, "1"):
        raise invalid_header(_("Upload-Defer-Length can only be 1."))
    return value == "1"


def metadata(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the pairs of Upload-Metadata. Values that are no UTF-8 keep what can be read; 400 for broken pairs."""
    text = headers.get("Upload-Metadata", "")
    if len(text) > MAX_METADATA:
        raise TusError(431, "invalid_header", _("Upload-Metadata is too long."))
    pairs: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        key, _space, value = pair.partition(" ")
        if key in pairs or not key.isascii():
            raise _broken_metadata()
        try:
            pairs[key] = base64.b64decode(value.strip(), validate=True).decode(errors="replace")
        except (binascii.Error, ValueError):
            raise _broken_metadata() from None
    return pairs


def checksum(headers: Mapping[str, str]) -> Checksum | None:
    """Return what Upload-Checksum asks for, None when it is absent; 400 for an algorithm we do not know."""
    text = headers.get("Upload-Checksum")
    if text is None:
        return None
    algorithm, _space, value = text.strip().partition(" ")
    if algorithm not in CHECKSUM_ALGORITHMS:
        known = ", ".join(CHECKSUM_ALGORITHMS)
        raise TusError(400, "unknown_checksum", _("Upload-Checksum takes %(known)s.") % {"known": known})
    try:
        return Checksum(algorithm, base64.b64decode(value.strip(), validate=True))
    except (binascii.Error, ValueError):
        raise invalid_header(_("Upload-Checksum is not base64.")) from None


def marks(headers: Mapping[str, str]) -> list[float]:
    """Return the seconds of Upload-Marks, ascending; empty when it is absent; 400 for anything but such numbers."""
    text = headers.get(MARKS)
    if not text:
        return []
    parts = text.split(",", MOST_MARKS)
    try:
        seconds = {round(float(part), 3) for part in parts}
    except ValueError:
        raise _broken_marks() from None
    if len(parts) > MOST_MARKS or not all(0 <= second < MAX_MARK_SECONDS for second in seconds):
        raise _broken_marks()
    return sorted(seconds)


def _broken_marks() -> TusError:
    values = {"header": MARKS, "most": MOST_MARKS}
    return invalid_header(_("%(header)s is a list of at most %(most)s seconds.") % values)


def _broken_metadata() -> TusError:
    return invalid_header(_("Upload-Metadata is a list of unique keys with base64 values."))
