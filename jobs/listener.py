"""One LISTEN connection for a whole web process: hands each change to the sockets that may see it."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from channels.db import database_sync_to_async

from jobs import events, wire
from jobs.events import Change, JobOnWire
from jobs.models import BackgroundJob
from jobs.sight import Sight

logger = logging.getLogger("jobs")

_RECONNECT_SECONDS = 0.5


class Subscriber:
    """What one socket has still to send: the latest state of each job, however slow its browser is."""

    def __init__(self, sight: Sight, training: UUID | None) -> None:
        self.sight = sight
        self.training = training
        self.waiting: dict[str, JobOnWire] = {}
        self.stale = True
        """It needs a snapshot before anything else."""
        self.wake = asyncio.Event()
        self.wake.set()

    def wants(self, company: UUID, training: UUID | None) -> bool:
        """Whether this socket may see and asked for a change."""
        return self.sight.covers(company) and (self.training is None or self.training == training)

    def offer(self, job: JobOnWire) -> None:
        """Put a job's state in line, in the place of an older one."""
        self.waiting[job["id"]] = job
        self.wake.set()

    def resync(self) -> None:
        """Changes may have been missed."""
        self.stale = True
        self.wake.set()


class Listener:
    """Listens while anybody subscribes."""

    def __init__(self) -> None:
        self._subscribers: set[Subscriber] = set()
        self._changed: dict[UUID, Change] = {}
        self._news = asyncio.Event()
        self._listening = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def subscribe(self, subscriber: Subscriber) -> None:
        """Hand changes to `subscriber` from now on; returns when none can be missed any more."""
        self._subscribers.add(subscriber)
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._publish())]
        await self._listening.wait()

    async def unsubscribe(self, subscriber: Subscriber) -> None:
        """Stop; the last one to leave closes the connection."""
        self._subscribers.discard(subscriber)
        if not self._subscribers:
            tasks, self._tasks = self._tasks, []
            self._listening.clear()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**wire.parameters()) as connection:
                    await connection.execute(f"LISTEN {events.CHANNEL}")
                    self._listening.set()
                    for subscriber in self._subscribers:
                        subscriber.resync()
                    async for note in connection.notifies():
                        self._hear(json.loads(note.payload))
            except Exception as error:  # noqa: BLE001  (whatever it is: pages that wait for news must get them again)
                logger.warning("listener: %s", str(error).strip())
            await asyncio.sleep(_RECONNECT_SECONDS)

    def _hear(self, change: Change) -> None:
        training = UUID(change["training"]) if change["training"] else None
        if any(subscriber.wants(UUID(change["company"]), training) for subscriber in self._subscribers):
            self._changed[UUID(change["id"])] = change
            self._news.set()

    async def _publish(self) -> None:
        """Read what changed, once for all sockets; what changes meanwhile is one more read."""
        while True:
            await self._news.wait()
            self._news.clear()
            changed, self._changed = self._changed, {}
            try:
                jobs = await _read(list(changed))
            except Exception:
                logger.exception("listener: reading %s changed jobs failed", len(changed))
                for subscriber in self._subscribers:
                    subscriber.resync()
                await asyncio.sleep(_RECONNECT_SECONDS)
                continue
            for company, training, job in jobs:
                for subscriber in self._subscribers:
                    if subscriber.wants(company, training):
                        subscriber.offer(job)


@database_sync_to_async
def _read(ids: list[UUID]) -> list[tuple[UUID, UUID | None, JobOnWire]]:
    jobs = events.readable(BackgroundJob.objects.filter(pk__in=ids))
    return [(job.company_id, job.training_id, events.on_wire(job)) for job in jobs]


_listeners: WeakKeyDictionary[Any, Listener] = WeakKeyDictionary()


def shared() -> Listener:
    """Return the listener of the running event loop."""
    return _listeners.setdefault(asyncio.get_running_loop(), Listener())
