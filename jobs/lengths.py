"""Lengths of time as operators read them."""

from __future__ import annotations


def clock(seconds: float) -> str:
    """Return 0:38, 12:05, 1:02:03."""
    minutes, left = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def words(seconds: float) -> str:
    """Return 12 s, 5 min, 3 h, 12 d; `static_src/js/desk/times.js` says the same."""
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return f"{int(seconds)} s"
