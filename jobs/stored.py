"""What PostgreSQL's jsonb and text can hold."""

from __future__ import annotations

import json
import re
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def as_text(value: Any, limit: int) -> str:
    """Return `value` as JSON of at most `limit` bytes, or raise ValueError with the reason in words."""
    try:
        text = json.dumps(value, cls=DjangoJSONEncoder, allow_nan=False, ensure_ascii=False)
        size = len(text.encode())
    except UnicodeEncodeError:
        raise ValueError("it contains half a character (a lone surrogate), which no row can hold") from None
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"it is not JSON: {error}") from None
    if size > limit:
        raise ValueError(f"it has {size:,} bytes: at most {limit:,} are taken")
    if _NUL.search(text):
        raise ValueError("it contains the character NUL, which no row can hold")
    return text


def readable(text: str) -> str:
    """Return text without what a row refuses: what others say of a bad file may hold anything."""
    return text.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
