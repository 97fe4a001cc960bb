"""What else tells how the installation is: other apps register it, for the engine knows nothing of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Sign:
    """A line on the first page of the desk. `alarm`: it needs somebody."""

    name: str
    value: str
    address: str = ""
    alarm: bool = False


Look = Callable[[], Iterable[Sign]]
_looks: list[Look] = []


def register(look: Look) -> Look:
    """Show on the first page what `look` returns."""
    _looks.append(look)
    return look


def of_now() -> list[Sign]:
    """Return every sign as it is now."""
    return [sign for look in _looks for sign in look()]
