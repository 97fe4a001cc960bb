"""Removes a deleted training's rows and files, once none of its jobs can write any more."""

from __future__ import annotations

import time
from typing import Any

from jobs.context import Context
from jobs.errors import TemporaryError
from jobs.registry import handler
from trainings import removal
from trainings.models import Training

WAIT_SECONDS = 60.0
"""A cancel is heard within a heartbeat (5 s), a dead worker noticed within the lease (15 s)."""
POLL_SECONDS = 0.2


@handler("training_removal", label="Deleting", max_retries=20)
def run(context: Context) -> dict[str, Any]:
    training = Training.objects.filter(pk=context.input["training"]).first()
    if training is None:
        return {"removed": False}
    _wait_for_its_jobs(context, training)
    removal.erase(training)
    return {"removed": True}


def _wait_for_its_jobs(context: Context, training: Training) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while removal.still_running(training):
        context.check()
        if time.monotonic() > deadline:
            raise TemporaryError("still_running", "A part of this training is still stopping. It is tried again.")
        time.sleep(POLL_SECONDS)
