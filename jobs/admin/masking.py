"""What an operator sees of inputs, outputs and errors: everything but secrets."""

from __future__ import annotations

import json
import re
from typing import Any

HIDDEN = "•••"
LIMIT = 20_000
"""Characters shown; whoever needs more has the database."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
"""A part of a name, whether it is written accessToken, AccessToken, access_token, ACCESS-TOKEN or access.token."""
_SECRET = {"token", "secret", "password", "passwd", "pwd", "passphrase", "authorization", "credential", "apikey"}
_SECRET_AT_THE_END = _SECRET | {"key", "signature", "cookie", "session"}
_JOINED = ("token", "secret", "password", "passwd", "apikey", "accesskey", "secretkey", "privatekey")
"""Endings that give a name away though nothing parts its words."""
_SAYS_NOTHING = {"value", "hash", "text", "string", "header", "data"}
"""A token's value is a token."""
_NAMED = re.compile(r"""(\\*["'])([\w.\-]{1,100})\1\s*:\s*(\\*["']|[\[{])""")
"""A name and where its value opens, as JSON or Python write them, which may itself stand inside a string."""
_CLOSING = {"[": "]", "{": "}"}
_TEXT = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w\-.~+/]{6,}=*"), rf"\1 {HIDDEN}"),
    (re.compile(r"\b(sk|pk|rk|ghp|xox[abp])[-_][\w\-]{8,}"), HIDDEN),
    (re.compile(r"\beyJ[\w\-]+\.[\w\-]+\.[\w\-]*"), HIDDEN),  # a JSON Web Token, RFC 7519
    (re.compile(r"(?s)(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(-----END|\Z)"), rf"\1{HIDDEN}\2"),
    (re.compile(r"(?i)([?&](?:[\w\-]*(?:token|key|signature|secret|password))=)[^&\s\"']+"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)(\w+://[^\s/:@]+:)[^\s/@]+@"), rf"\1{HIDDEN}@"),
    (re.compile(r"(?i)\b([\w\-]*(?:password|secret|token|api_?key))(\s*[=:]\s*)[^\s,;\"']+"), rf"\1\2{HIDDEN}"),
)


def pretty(value: Any) -> str:
    """Return JSON as an operator reads it, its secrets hidden."""
    return cut(json.dumps(hide(value), indent=2, ensure_ascii=False, default=str))


def hide(value: Any, name: str = "") -> Any:
    """Return the value without what its name or its form gives away as a secret."""
    if _is_secret(value, name):
        return HIDDEN
    if isinstance(value, dict):
        return {key: hide(inner, _name_of(value, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [hide(inner) for inner in value]
    return _string(value) if isinstance(value, str) else value


def _string(value: str) -> str:
    """Return a text that may itself be JSON, such as the body of a request."""
    if value[:1] in ("{", "[", '"'):
        try:
            return json.dumps(hide(json.loads(value)), ensure_ascii=False)
        except (ValueError, RecursionError):
            pass
    return text(value)


def text(value: str) -> str:
    """Return plain text, such as a traceback, with its secrets hidden."""
    value = _hide_named(value)
    for pattern, instead in _TEXT:
        value = pattern.sub(instead, value)
    return value


def _is_secret(value: Any, name: str) -> bool:
    """Return whether a name says that its value is a secret. A number of tokens is none, a list of them is."""
    if not value or isinstance(value, bool):
        return False
    words = [word.lower() for word in _WORD.findall(name)]
    while len(words) > 1 and words[-1] in _SAYS_NOTHING and words[-2] in _SECRET:
        words.pop()
    if not words:
        return False
    last = words[-1] if isinstance(value, int | float) else words[-1].removesuffix("s")
    return last in _SECRET_AT_THE_END or last.endswith(_JOINED)


def _name_of(pair: dict[str, Any], key: str) -> str:
    """Return what a member is called; of {"name": "Authorization", "value": ...} the value is what the name says."""
    told = next((pair[name] for name in ("name", "key", "header") if isinstance(pair.get(name), str)), "")
    return told if key == "value" and told else str(key)


def _hide_named(value: str) -> str:
    """Hide what stands between quotes or brackets behind a secret's name; what is cut off, to its end."""
    shown, at = [], 0
    for found in _NAMED.finditer(value):
        if found.start() < at or not _is_secret(value, found[2]):
            continue
        end = re.escape(_CLOSING.get(found[3], found[3]))
        closing = re.compile(rf"(?<!\\){end}").search(value, found.end())
        shown += [value[at : found.end()], HIDDEN]
        at = closing.start() if closing else len(value)
    return "".join([*shown, value[at:]])


def cut(value: str) -> str:
    """Return the beginning of what is too long to show."""
    return value if len(value) <= LIMIT else f"{value[:LIMIT]}\n… +{len(value) - LIMIT:,}"
