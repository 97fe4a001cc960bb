"""One LISTEN connection for a whole web process: hands each change to the sockets that may see it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from channels.db import database_sync_to_async
from django.utils import translation

from jobs import events, limits, sight, wire
from jobs.events import Change
from jobs.models import BackgroundJob
from jobs.sight import Holder, Sight
from jobs.snapshots import Snapshots

logger = logging.getLogger("jobs")

_RECONNECT_SECONDS = 0.5
CHECK_SECONDS = 2.0
"""How often it is asked whether each socket may still see what it sees."""


class News(NamedTuple):
    """A job's state, written once in each language for all sockets it goes to."""

    version: int
    texts: dict[str, str]


class Subscriber:
    """What one socket has still to send: the latest state of each job, however slow its browser is."""

    def __init__(
        self, holder: Holder, sight: Sight, training: UUID | None, language: str, *, many: bool = False
    ) -> None:
        self.holder = holder
        self.sight = sight
        self.training = training
        self.language = language
        self.many = many
        """It understands messages of several jobs; pages from before an update do not."""
        self.waiting: dict[str, News] = {}
        self.over = False
        """It may not see this any more."""
        self.stale = True
        """It needs a snapshot before anything else."""
        self.wake = asyncio.Event()
        self.wake.set()

    def wants(self, training: UUID | None) -> bool:
        """Whether this socket asked for the jobs of this training."""
        return self.training is None or self.training == training

    def offer(self, job: str, news: News) -> None:
        """Put a job's state in line, in the place of an older one."""
        if self.language in news.texts:
            self.waiting[job] = news
            self.wake.set()
        else:  # it came while the news was written
            self.resync()

    def take(self) -> dict[str, News]:
        """Take out of the line what goes into the next message."""
        if self.many:
            taken, self.waiting = self.waiting, {}
            return taken
        job = next(iter(self.waiting))
        return {job: self.waiting.pop(job)}

    def judge(self, seen: Sight | None) -> None:
        """Take in what the socket may see now. A page that sees the same but may do other things is drawn anew."""
        if seen is None or not seen.sees_as_much_as(self.sight):
            self.over = True
            self.wake.set()
        elif seen != self.sight:
            self.sight = seen
            self.resync()

    def resync(self) -> None:
        """Changes may have been missed."""
        self.stale = True
        self.wake.set()


class Listener:
    """Listens while anybody subscribes."""

    def __init__(self) -> None:
        self.snapshots = Snapshots()
        self._subscribers: set[Subscriber] = set()
        self._of_company: dict[UUID | None, set[Subscriber]] = defaultdict(set)
        """Who sees what; under None those who see every company."""
        self._changed: dict[UUID, Change] = {}
        self._news = asyncio.Event()
        self._listening = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def subscribe(self, subscriber: Subscriber) -> None:
        """Hand changes to `subscriber` from now on; returns when none can be missed any more."""
        self._subscribers.add(subscriber)
        for company in _places(subscriber.sight):
            self._of_company[company].add(subscriber)
        if not self._tasks:
            self._tasks = [asyncio.create_task(work()) for work in (self._listen, self._publish, self._check)]
        await self._listening.wait()

    async def unsubscribe(self, subscriber: Subscriber) -> None:
        """Stop; the last one to leave closes the connection."""
        self._subscribers.discard(subscriber)
        for company in _places(subscriber.sight):
            self._of_company[company].discard(subscriber)
            if not self._of_company[company]:
                del self._of_company[company]
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
                    await connection.execute(f"LISTEN {events.CHANNEL}; LISTEN {events.LIMITS_CHANNEL}")
                    self._listening.set()
                    for subscriber in self._subscribers:
                        subscriber.resync()
                    async for note in connection.notifies():
                        if note.channel == events.LIMITS_CHANNEL:
                            self._hear_limit(UUID(note.payload) if note.payload else None)
                        else:
                            self._hear(json.loads(note.payload))
            except Exception as error:  # noqa: BLE001  (whatever it is: pages that wait for news must get them again)
                logger.warning("listener: %s", str(error).strip())
            await asyncio.sleep(_RECONNECT_SECONDS)

    def _hear(self, change: Change) -> None:
        training = UUID(change["training"]) if change["training"] else None
        if any(self._audience(UUID(change["company"]), training)):
            self._changed[UUID(change["id"])] = change
            self._news.set()

    def _hear_limit(self, company: UUID | None) -> None:
        """What a job waits for may be another thing now, of a type in every company: such pages start anew."""
        places = (company, None) if company else tuple(self._of_company)
        for subscriber in {one for place in places for one in self._of_company.get(place, ())}:
            subscriber.resync()

    async def _publish(self) -> None:
        """Read what changed, once for all sockets; what changes meanwhile is one more read."""
        while True:
            await self._news.wait()
            self._news.clear()
            changed, self._changed = self._changed, {}
            try:
                jobs = await _read(list(changed), {subscriber.language for subscriber in self._subscribers})
            except Exception:
                logger.exception("listener: reading %s changed jobs failed", len(changed))
                for subscriber in self._subscribers:
                    subscriber.resync()
                await asyncio.sleep(_RECONNECT_SECONDS)
                continue
            for company, training, job, news in jobs:
                for subscriber in self._audience(company, training):
                    subscriber.offer(job, news)

    def _audience(self, company: UUID, training: UUID | None) -> Iterator[Subscriber]:
        """Give the sockets that may see and asked for a change."""
        for place in (company, None):
            for subscriber in self._of_company.get(place, ()):
                if subscriber.wants(training):
                    yield subscriber

    async def _check(self) -> None:
        """Ask for all sockets at once whether they may stay: a session that ended elsewhere tells nobody."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            asked = list(self._subscribers)
            try:
                seen = await _sights({subscriber.holder for subscriber in asked})
            except Exception as error:  # noqa: BLE001  (asked again in a moment)
                logger.warning("listener: who may listen is not known: %s", str(error).strip())
                continue
            for subscriber in asked:
                subscriber.judge(seen.get(subscriber.holder))


def _places(sight: Sight) -> Iterable[UUID | None]:
    return [None] if sight.everywhere else sight.companies


@database_sync_to_async
def _read(ids: list[UUID], languages: set[str]) -> list[tuple[UUID, UUID | None, str, News]]:
    jobs = events.readable(BackgroundJob.objects.filter(pk__in=ids))
    held = limits.Lookup()
    return [(job.company_id, job.training_id, str(job.pk), _news(job, held, languages)) for job in jobs]


def _news(job: BackgroundJob, held: limits.Lookup, languages: set[str]) -> News:
    texts = {}
    for language in languages:
        with translation.override(language):
            texts[language] = json.dumps(events.on_wire(job, held))
    return News(job.version, texts)


_sights = database_sync_to_async(sight.of_all)


_listeners: WeakKeyDictionary[Any, Listener] = WeakKeyDictionary()


def shared() -> Listener:
    """Return the listener of the running event loop."""
    return _listeners.setdefault(asyncio.get_running_loop(), Listener())
