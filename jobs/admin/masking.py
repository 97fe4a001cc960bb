"""What an operator sees of inputs, outputs and errors: everything but secrets."""

from __future__ import annotations

import json
import re
from typing import Any

HIDDEN = "•••"
LIMIT = 20_000
"""Characters shown; whoever needs more has the database."""
_NAMES = re.compile(
    r"(^|[_\-.])(api_?key|key|token|secret|password|passwd|pwd|authorization|credentials?|signature|cookie|session)$",
    re.IGNORECASE,
)
_TEXT = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w\-.~+/]{6,}=*"), rf"\1 {HIDDEN}"),
    (re.compile(r"\b(sk|pk|rk|ghp|xox[abp])[-_][\w\-]{8,}"), HIDDEN),
    (re.compile(r"\beyJ[\w\-]+\.[\w\-]+\.[\w\-]*"), HIDDEN),  # a JSON Web Token, RFC 7519
    (re.compile(r"(?i)([?&](?:[\w\-]*(?:token|key|signature|secret|password))=)[^&\s\"']+"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)(\w+://[^\s/:@]+:)[^\s/@]+@"), rf"\1{HIDDEN}@"),
    (re.compile(r"(?i)\b([\w\-]*(?:password|secret|token|api_?key))(\s*[=:]\s*)[^\s,;\"']+"), rf"\1\2{HIDDEN}"),
)


def pretty(value: Any) -> str:
    """Return JSON as an operator reads it, its secrets hidden."""
    return cut(json.dumps(hide(value), indent=2, ensure_ascii=False, default=str))


def hide(value: Any, name: str = "") -> Any:
    """Return the value without what its name or its form gives away as a secret."""
    if value and not isinstance(value, bool) and _NAMES.search(name):
        return HIDDEN
    if isinstance(value, dict):
        return {key: hide(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [hide(inner) for inner in value]
    return text(value) if isinstance(value, str) else value


def text(value: str) -> str:
    """Return plain text, such as a traceback, with its secrets hidden."""
    for pattern, instead in _TEXT:
        value = pattern.sub(instead, value)
    return value


def cut(value: str) -> str:
    """Return the beginning of what is too long to show."""
    return value if len(value) <= LIMIT else f"{value[:LIMIT]}\n… +{len(value) - LIMIT:,}"
