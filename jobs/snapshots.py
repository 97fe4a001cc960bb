"""What pages start from, read once for all that wait for the same: after a restart hundreds ask at once."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from channels.db import database_sync_to_async
from django.utils import translation

from jobs import events
from jobs.sight import Sight

Wanted: TypeAlias = tuple[Sight, UUID | None, str]
"""What a socket sees, of which training, in which language."""


@dataclass(frozen=True)
class Snapshot:
    """The message, and the version of each job in it."""

    text: str
    versions: dict[str, int]


class Snapshots:
    """Reads snapshots; those of one event loop."""

    def __init__(self) -> None:
        self._begun_by: dict[Wanted, asyncio.Task[Snapshot]] = {}

    async def read(self, sight: Sight, training: UUID | None, language: str) -> Snapshot:
        """Return what there is to see now, or later: whoever comes before a reading begins shares it."""
        wanted = (sight, training, language)
        task = self._begun_by.get(wanted)
        if task is None:
            task = self._begun_by[wanted] = asyncio.create_task(self._read(wanted))
        return await asyncio.shield(task)

    @database_sync_to_async
    def _read(self, wanted: Wanted) -> Snapshot:
        # From here on it is too late to share it: what changes now may be missing in it.
        self._begun_by.pop(wanted, None)
        sight, training, language = wanted
        visible = sight.jobs()
        with translation.override(language):
            jobs = events.snapshot(visible.filter(training=training) if training else visible)
        versions = {job["id"]: job["version"] for job in jobs}
        return Snapshot(json.dumps({"type": "snapshot", "jobs": jobs}), versions)
