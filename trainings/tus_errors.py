"""How the upload server says no."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException

from trainings import languages


class TusError(APIException):
    """The request cannot be served: a status of the protocol, a code for programs, a sentence for the person."""

    def __init__(self, status_code: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message, code)
        self.status_code = status_code
        self.headers = dict(headers or {})


REMOVED = "Upload-Removed"
"""Ours, in the answer about an upload whose training was deleted: by whom, percent-encoded. An answer to
HEAD has no body that could say it."""


def invalid_header(message: str) -> TusError:
    return TusError(400, "invalid_header", message)


def unknown_language(code: str) -> TusError:
    return TusError(400, "unknown_language", languages.unknown(code))


def offset_mismatch(offset: int) -> TusError:
    return TusError(
        409,
        "offset_mismatch",
        _("The upload stands at byte %(offset)s.") % {"offset": offset},
        {"Upload-Offset": str(offset)},
    )


def finished() -> TusError:
    return TusError(409, "upload_finished", _("This recording belongs to a training. Delete the training instead."))


def gone() -> TusError:
    return TusError(410, "gone", _("This upload was given up or removed. Start it again."))


def removed(who: str) -> TusError:
    message = _("This training was deleted by %(who)s.") % {"who": who}
    return TusError(410, "removed", message, {REMOVED: quote(who)})


def wrong_version() -> TusError:
    return TusError(412, "wrong_tus_version", _("This server speaks tus 1.0.0."), {"Tus-Version": "1.0.0"})


def too_large(limit: int) -> TusError:
    message = _("The recording is larger than %(limit)s, which is the limit here.") % {"limit": _readable(limit)}
    return TusError(413, "too_large", message)


def over_quota(message: str, offset: int | None = None) -> TusError:
    return TusError(413, "over_quota", message, {} if offset is None else {"Upload-Offset": str(offset)})


def too_many_bytes(offset: int) -> TusError:
    message = _("More bytes came than the upload's length says.")
    return TusError(413, "too_many_bytes", message, {"Upload-Offset": str(offset)})


def wrong_content_type() -> TusError:
    return TusError(415, "wrong_content_type", _("Send the bytes as application/offset+octet-stream."))


def busy() -> TusError:
    return TusError(423, "upload_busy", _("Another request is writing to this upload. Try again in a moment."))


def checksum_mismatch(offset: int) -> TusError:
    message = _("The piece was damaged on its way. Send it again.")
    return TusError(460, "checksum_mismatch", message, {"Upload-Offset": str(offset)})


def no_space(offset: int | None = None) -> TusError:
    headers = {} if offset is None else {"Upload-Offset": str(offset)}
    message = _("The server has no space left for this recording. What came so far is kept; free some space and go on.")
    return TusError(507, "no_space", message, headers)


def storage_trouble(code: str) -> TusError:
    """The client tries again by itself; what is wrong is in the log and in `manage.py check`."""
    message = _("Recordings cannot be stored right now. What came so far is kept; this is tried again.")
    return TusError(503, code, message, {"Retry-After": "5"})


def _readable(size: int) -> str:
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            return f"{size / factor:.3g} {unit}"
    return f"{size} bytes"
