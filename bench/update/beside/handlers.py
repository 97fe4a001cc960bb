"""Jobs whose every effect is a line in a file: which job, which step, by which release."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from jobs.context import Context
from jobs.errors import TemporaryError
from jobs.registry import handler

STUMBLES = 4
"""One of so many jobs fails the first time, behind its finished step."""


def note(context: Context, step: str) -> None:
    """Add a line; lines of this size are added whole."""
    with Path(os.environ["EFFECTS"]).open("a") as effects:
        effects.write(f"{context.job.pk} {step} {os.environ['RELEASE']}\n")


@handler("beside_short", label="Short", backoff_base=0.2)
def short(context: Context) -> dict[str, Any]:
    context.step("effect", lambda: note(context, "effect"))
    time.sleep(0.05)
    if context.input["number"] % STUMBLES == 0 and not context.job.retry_count:
        raise TemporaryError("busy", "The service is busy.")
    return {}


@handler("beside_long", label="Long")
def long(context: Context) -> dict[str, Any]:
    context.step("before", lambda: note(context, "before"))
    while not Path(os.environ["GATE"]).exists():
        context.check()
        time.sleep(0.02)
    context.step("after", lambda: note(context, "after"))
    return {}
