"""What a handler takes as its input, checked before a job is made and again before it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

Shape = Mapping[str, Any]
"""The type of each key, such as `str` or `int | None`; a key that may be None may be left out."""


def misfit(data: Any, shape: Shape | None) -> str:
    """Return why `data` does not fit, in words; empty when it does. No shape: any JSON object fits."""
    if not isinstance(data, dict):
        return f"it is a {type(data).__name__}, not an object"
    if strange := [key for key in data if not isinstance(key, str)]:
        return f"the name {strange[0]!r} is no text"
    if shape is None:
        return ""
    if unknown := sorted(set(data) - set(shape)):
        return f"nobody knows {', '.join(unknown)}"
    for key, wanted in shape.items():
        if key not in data and type(None) not in get_args(wanted):
            return f"{key} is missing"
        value = data.get(key)
        if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in (get_args(wanted) or (wanted,))):
            return f"{key} is {type(value).__name__}, not {getattr(wanted, '__name__', wanted)}"
    return ""
