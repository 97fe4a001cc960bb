"""Values for the page of patterns: each component in each state, made up and never stored."""

from __future__ import annotations

from typing import Any

from jobs.telling import State


def context() -> dict[str, Any]:
    """Return what `templates/patterns.html` shows."""
    return {"states": list(State)}
