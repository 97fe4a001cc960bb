"""Load what handlers will need beside a worker's first work: nobody waits for it later."""

from __future__ import annotations

import logging
import threading

from jobs import registry

logger = logging.getLogger("jobs")

AFTER_SECONDS = 5.0
"""From a worker's start: what waits for it is claimed first, and one that is killed early has loaded nothing."""


def begin() -> threading.Timer:
    """Start the loading in a thread of its own, a few seconds from now; `cancel` what is returned to do without."""
    timer = threading.Timer(AFTER_SECONDS, warm_up)
    timer.daemon = True  # a worker that is told to stop does not wait for it
    timer.start()
    return timer


def warm_up() -> None:
    """Do what handlers named as `warm_up`. What fails here fails again, and is told, when a job needs it."""
    for job_type in registry.job_types():
        try:
            registry.get(job_type).warm_up()
        except Exception:
            logger.warning("nothing was loaded ahead for %s", job_type, exc_info=True)
