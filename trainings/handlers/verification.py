"""The probe of `verify_background_processing`: behaves as it is told, so that the engine can be watched."""

from __future__ import annotations

import time
from typing import Any

from jobs.context import Context
from jobs.errors import PermanentError, TemporaryError
from jobs.registry import handler

JOB_TYPE = "verification"
_TURN_SECONDS = 0.05
_HANG_SECONDS = 120.0


@handler(
    JOB_TYPE,
    label="Checking the installation",
    max_retries=1,
    backoff_base=0.2,
    backoff_limit=0.5,
    time_limit=180,
    watched=False,  # it fails on purpose
    takes={"do": str | None},
)
def run(context: Context) -> dict[str, Any]:
    """Do what `input["do"]` names: work, stumble (once), break (always, worth a retry), refuse (no retry) or hang."""
    wanted = context.input.get("do", "work")
    context.report(10, f"asked to {wanted}")
    if wanted == "refuse":
        raise PermanentError("verification", "This job was made to fail at once.")
    if wanted == "break" or (wanted == "stumble" and context.job.retry_count == 0):
        raise TemporaryError("verification", "This job was made to fail.")
    until = time.monotonic() + (_HANG_SECONDS if wanted == "hang" else 0.0)
    while time.monotonic() < until:
        context.check()
        time.sleep(_TURN_SECONDS)
    context.report(90)
    return {"did": wanted}
