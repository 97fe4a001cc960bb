"""The WebSocket of the live pages: a snapshot, then every change, each with its version."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from channels.db import database_sync_to_async

from jobs import listener, sight
from jobs.listener import Subscriber
from jobs.sight import Holder
from trainai import language

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

NOT_LOGGED_IN = 4401
TOO_MUCH_TALK = 4429
MOST_FRAMES, IN_SECONDS = 20, 10.0
"""Pages say nothing; who says more than this is none. (`trainai.web` limits the size of a frame.)"""


async def jobs(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Serve `/ws/jobs/`: ASGI application behind the origin check and the session."""
    if (await receive())["type"] != "websocket.connect":
        return
    try:
        training = _training(scope)
    except ValueError:
        await _refuse(send)
        return
    subscriber = await _subscriber(scope, training)
    if subscriber is None:
        await _refuse(send)
        return
    await send({"type": "websocket.accept"})
    talking = asyncio.create_task(_talk(subscriber, send))
    leaving = asyncio.create_task(_until_gone(receive, send))
    try:
        await asyncio.wait({talking, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (talking, leaving):
            task.cancel()
        await asyncio.gather(talking, leaving, return_exceptions=True)
        await listener.shared().unsubscribe(subscriber)


async def _refuse(send: Send) -> None:
    """Answer the handshake with 403. A browser hides that from its page, which asks `views.line` then."""
    await send({"type": "websocket.close"})


async def _subscriber(scope: dict[str, Any], training: UUID | None) -> Subscriber | None:
    """Return a place for this session, None when it sees nothing or asks for the desk of an operator it is not."""
    asked = parse_qs(scope["query_string"].decode())
    holder = Holder.of(scope["user"], scope["session"], desk="desk" in asked)
    seen = (await _sights([holder])).get(holder) if holder else None
    if holder is None or seen is None:
        return None
    return Subscriber(holder, seen, training, language.of_socket(scope), many="many" in asked)


async def _talk(subscriber: Subscriber, send: Send) -> None:
    """Subscribe first, then read the snapshot, then drop what is not newer than it: nothing falls between."""
    await listener.shared().subscribe(subscriber)
    versions: dict[str, int] = {}
    while True:
        await subscriber.wake.wait()
        subscriber.wake.clear()
        if subscriber.over:
            await send({"type": "websocket.close", "code": NOT_LOGGED_IN, "reason": "the session ended"})
            return
        if subscriber.stale:
            subscriber.stale = False
            snapshot = await listener.shared().snapshots.read(
                subscriber.sight, subscriber.training, subscriber.language
            )
            versions = dict(snapshot.versions)
            await _say(send, snapshot.text)
        while subscriber.waiting and not subscriber.stale and not subscriber.over:
            news = {job: each for job, each in subscriber.take().items() if each.version > versions.get(job, 0)}
            versions |= {job: each.version for job, each in news.items()}
            if news:
                await _say(send, _message([each.texts[subscriber.language] for each in news.values()]))


async def _until_gone(receive: Receive, send: Send) -> None:
    """Return when the page has left. What it says is not listened to, and who talks too much is sent away."""
    heard: deque[float] = deque(maxlen=MOST_FRAMES)
    now = asyncio.get_running_loop().time
    while (await receive())["type"] != "websocket.disconnect":
        if len(heard) == MOST_FRAMES and now() - heard[0] < IN_SECONDS:
            await send({"type": "websocket.close", "code": TOO_MUCH_TALK, "reason": "too many messages"})
            return
        heard.append(now())


def _message(jobs: list[str]) -> str:
    if len(jobs) == 1:
        return f'{{"type": "job", "job": {jobs[0]}}}'
    return f'{{"type": "jobs", "jobs": [{", ".join(jobs)}]}}'


async def _say(send: Send, text: str) -> None:
    await send({"type": "websocket.send", "text": text})


def _training(scope: dict[str, Any]) -> UUID | None:
    wanted = parse_qs(scope["query_string"].decode()).get("training")
    return UUID(wanted[0]) if wanted else None


_sights = database_sync_to_async(sight.of_all)
