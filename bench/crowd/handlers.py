"""The one job of the crowd: nothing, so that what is measured is the engine on its database."""

from __future__ import annotations

from typing import Any

from jobs.context import Context
from jobs.registry import handler


@handler("crowd", label="Nothing", max_retries=0)
def crowd(context: Context) -> dict[str, Any]:
    return {}
