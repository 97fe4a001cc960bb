"""How a line of the log reads: which job it is about, for people or as JSON, and never a secret."""

from __future__ import annotations

import contextlib
import datetime
import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from functools import cache

from django.conf import settings

HIDDEN = "[hidden]"
SECRETS = (
    *("SECRET_KEY", "BACKGROUND_JOB_TOKEN", "METRICS_TOKEN", "OPENAI_API_KEY", "EMAIL_HOST_PASSWORD"),
    *("MUX_TOKEN_SECRET", "MUX_WEBHOOK_SECRET", "MUX_PRIVATE_KEY", "ALERT_WEBHOOK"),
)
"""Settings whose values never stand in a log, wherever the text around them comes from."""
_LEAST_LENGTH = 6
_TOKENS = re.compile(r"(?i)\b(bearer\s+|password=|://[^\s:/@]*:)([^\s@&]{3,})")

_about: ContextVar[Mapping[str, object]] = ContextVar("about")
_process: Mapping[str, object] = {}


@contextlib.contextmanager
def about(*, whole_process: bool, **marks: object) -> Iterator[None]:
    """Put `marks` on every line while the block runs: of this thread, or of the process with its forks."""
    global _process
    token = _about.set(marks)
    before, _process = _process, marks if whole_process else _process
    try:
        yield
    finally:
        _process = before
        _about.reset(token)


def marks() -> Mapping[str, object]:
    """Return the marks of a line written here and now."""
    return _about.get(_process)


class Lines(logging.Formatter):
    """For people: the marks stand behind the message."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """Return the line without an exception's lines."""
        known = " ".join(f"{name}={value}" for name, value in marks().items())
        return super().formatMessage(record) + (f" [{known}]" if known else "")

    def format(self, record: logging.LogRecord) -> str:
        """Return the whole entry."""
        return without_secrets(super().format(record))


class JsonLines(logging.Formatter):
    """For programs: one object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the entry on one line."""
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        entry: dict[str, object] = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **marks(),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        hidden = {key: without_secrets(value) if isinstance(value, str) else value for key, value in entry.items()}
        return json.dumps(hidden, default=str, ensure_ascii=False)


def without_secrets(text: str) -> str:
    """Return text in which no secret of ours and nothing that looks like a token is left."""
    for secret in _values():
        text = text.replace(secret, HIDDEN)
    return _TOKENS.sub(rf"\1{HIDDEN}", text)


@cache
def _values() -> tuple[str, ...]:
    known = [str(getattr(settings, name, "") or "") for name in SECRETS]
    known.append(str(settings.DATABASES["default"].get("PASSWORD") or ""))
    return tuple(sorted((value for value in known if len(value) >= _LEAST_LENGTH), key=len, reverse=True))
