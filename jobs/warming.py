"""Load what the next kind of job will need beside the one that runs: nobody waits for it later.

A worker that waits for work loads nothing: its claim would wait for the import.
"""

from __future__ import annotations

import logging
import threading

from jobs import registry
from jobs.errors import UnknownJobType

logger = logging.getLogger("jobs")

_begun: set[str] = set()


def beside(job_type: str) -> threading.Thread | None:
    """Begin to load for the type that usually follows `job_type`, once in a process, in a thread that is returned."""
    try:
        following = registry.get(job_type).leads_to
    except UnknownJobType:
        return None
    if not following or following in _begun:
        return None
    _begun.add(following)
    loading = threading.Thread(target=_load, args=[following], name=f"load {following}", daemon=True)
    loading.start()  # a worker that is told to stop does not wait for it
    return loading


def _load(job_type: str) -> None:
    """Do what the handler named as `warm_up`. What fails here fails again, and is told, when a job needs it."""
    try:
        registry.get(job_type).warm_up()
    except Exception:
        logger.warning("nothing was loaded ahead for %s", job_type, exc_info=True)
