"""Typed readers of environment variables: each is read once, and a wrong value stops the start with one sentence."""

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_REPOSITORY = Path(__file__).resolve().parent.parent
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    """Return the variable's text, `default` when it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    """Return the variable as a yes or no; raise ImproperlyConfigured for any other word."""
    value = text(name).lower()
    if not value:
        return default
    if value not in _TRUE | _FALSE:
        raise ImproperlyConfigured(f"{name} is {value!r}: write true or false.")
    return value in _TRUE


def address(name: str, default: str) -> str:
    """Return the variable as the address of a web server; raise ImproperlyConfigured for anything else."""
    value = text(name, default)
    if value and not _is_web_address(value):
        raise ImproperlyConfigured(f"{name} is {value!r}: write an address that begins with https:// or http://.")
    return value


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # half of an IPv6 address, a port that is no number
        return False


def number(name: str, default: int, *, low: int, high: int) -> int:
    """Return the variable as a whole number between `low` and `high`, both included."""
    value = text(name)
    if not value:
        return default
    if not value.isdecimal() or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number from {low} to {high}.")
    return int(value)


def choice(name: str, default: str, allowed: Sequence[str]) -> str:
    """Return the variable, one of `allowed`."""
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is {value!r}: write one of {', '.join(allowed)}.")
    return value


def provider(name: str, *, local: str, cloud: str, key: str, needs: str) -> str:
    """Return who does a kind of work: unset means `cloud` when its `key` is set, else `local`."""
    value = choice(name, cloud if key else local, [local, cloud])
    if value == cloud and not key:
        raise ImproperlyConfigured(f"{name} is {value!r}: set {needs} too.")
    return value


def together(*names: str) -> tuple[str, ...]:
    """Return the texts of variables of which all are set or none."""
    values = tuple(text(name) for name in names)
    if any(values) and not all(values):
        missing = [name for name, value in zip(names, values, strict=True) if not value]
        raise ImproperlyConfigured(f"{' and '.join(names)} belong together: set {' and '.join(missing)} too.")
    return values


def folder(name: str, default: Path) -> Path:
    """Return the variable as a folder; a relative one counts from the repository, wherever the command is run."""
    return (_REPOSITORY / (text(name) or default)).resolve()


def words(name: str, default: Sequence[str]) -> list[str]:
    """Return the variable's comma-separated words."""
    value = text(name)
    return [word.strip() for word in value.split(",") if word.strip()] if value else list(default)
