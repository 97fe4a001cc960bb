"""The part of a file a Range header asks for (RFC 9110, section 14)."""

from __future__ import annotations

import re

RANGE = re.compile(r"bytes=[ \t]*(?:(\d{1,19})-(\d{0,19})|-(\d{1,19}))[ \t]*", re.ASCII | re.IGNORECASE)


class Unsatisfiable(Exception):
    """The range lies behind the end of the file."""


def asked(header: str, size: int) -> range | None:
    """Return the bytes `header` asks for of a file with `size` bytes; None when the whole file is to be sent.

    A header that is malformed, or names several ranges, may be ignored (section 14.2). Raises Unsatisfiable.
    """
    if not (match := RANGE.fullmatch(header)):
        return None
    first, last, suffix = match.groups()
    if suffix is not None:
        start, stop = max(0, size - int(suffix)), size
    else:
        start, stop = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None  # not a valid range at all
    if start >= stop:
        raise Unsatisfiable
    return range(start, stop)
