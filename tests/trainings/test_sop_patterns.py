"""The writer reads the same on every Python 3.11: its patterns avoid what early releases match wrongly."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

from trainings.providers import extractive


def patterns() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each compiled pattern."""
    for found in pkgutil.iter_modules(extractive.__path__, f"{extractive.__name__}."):
        for name, value in vars(importlib.import_module(found.name)).items():
            if isinstance(value, re.Pattern):
                yield f"{found.name}.{name}", value.pattern


def test_no_pattern_repeats_possessively() -> None:
    known = dict(patterns())
    assert known
    assert [name for name, text in known.items() if re.search(r"(?<!\\)[*+?}]\+|\(\?>", text)] == []
