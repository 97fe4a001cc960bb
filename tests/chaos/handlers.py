"""Jobs that are slow, stubborn or deadly. They tell the test what they did by lines in a file."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path
from typing import Any

from jobs.context import Context
from jobs.errors import TemporaryError
from jobs.registry import handler


def note(context: Context, line: str) -> None:
    """Add a line to the file that the test reads; lines of this size are added whole."""
    with Path(context.input["ledger"]).open("a") as ledger:
        ledger.write(f"{line}\n")


def wait_for_gate(context: Context) -> None:
    """Go on when the test makes the file."""
    while not Path(context.input["gate"]).exists():
        context.check()
        time.sleep(0.02)


@handler("chaos_quick", label="Quick")
def quick(context: Context) -> dict[str, Any]:
    note(context, f"ran {context.job.pk}")
    return {}


@handler("chaos_two_steps", label="Two steps")
def two_steps(context: Context) -> dict[str, Any]:
    context.step("first", lambda: note(context, "paid first"))
    context.report(50, "half way")
    wait_for_gate(context)
    context.step("second", lambda: note(context, "paid second"))
    return {}


@handler("chaos_sleep", label="Sleeping")
def sleep(context: Context) -> dict[str, Any]:
    note(context, f"began in {os.getpid()}")
    time.sleep(600)
    return {}


@handler("chaos_deaf", label="Deaf")
def deaf(context: Context) -> dict[str, Any]:
    note(context, f"began in {os.getpid()}")
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(600)


@handler("chaos_family", label="Family")
def family(context: Context) -> dict[str, Any]:
    """A child, a grandchild in the background, and one that moved to a session of its own."""
    script = "sleep 601 & setsid sleep 602 & echo ready; exec sleep 603"
    context.run(["sh", "-c", script], on_line=lambda line: note(context, line))
    return {}


@handler("chaos_poison", label="Poison")
def poison(context: Context) -> dict[str, Any]:
    note(context, "drank")
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


@handler("chaos_stumble", label="Stumbling", backoff_base=0.2)
def stumble(context: Context) -> dict[str, Any]:
    note(context, "stumbled")
    raise TemporaryError("busy", "The service is busy.")


def plain_task(path: str) -> str:
    """A task for `async_task` and schedules."""
    with Path(path).open("a") as ledger:
        ledger.write("plain task ran\n")
    return "done"
