"""The WebSocket of the live pages: a snapshot, then every change, each with its version."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.crypto import constant_time_compare

from jobs import events, listener, sight
from jobs.events import JobOnWire
from jobs.listener import Subscriber
from jobs.sight import Sight

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

NOT_LOGGED_IN = 4401
BAD_REQUEST = 4400
RECHECK_SECONDS = 30.0
"""How long a session that ended elsewhere keeps its open socket at most."""


async def jobs(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Serve `/ws/jobs/`: ASGI application behind the origin check and the session."""
    if (await receive())["type"] != "websocket.connect":
        return
    await send({"type": "websocket.accept"})
    try:
        training = _training(scope)
    except ValueError:
        await send({"type": "websocket.close", "code": BAD_REQUEST, "reason": "training is not an id"})
        return
    seen = await _sight(scope)
    if seen is None:
        await send({"type": "websocket.close", "code": NOT_LOGGED_IN, "reason": "not logged in"})
        return
    subscriber = Subscriber(seen, training)
    talking = asyncio.create_task(_talk(scope, subscriber, send))
    leaving = asyncio.create_task(_until_gone(receive))
    try:
        await asyncio.wait({talking, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (talking, leaving):
            task.cancel()
        await asyncio.gather(talking, leaving, return_exceptions=True)
        await listener.shared().unsubscribe(subscriber)


async def _talk(scope: dict[str, Any], subscriber: Subscriber, send: Send) -> None:
    """Subscribe first, then read the snapshot, then drop what is not newer than it: nothing falls between."""
    await listener.shared().subscribe(subscriber)
    versions: dict[str, int] = {}
    loop = asyncio.get_running_loop()
    recheck_at = loop.time() + RECHECK_SECONDS
    while True:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(subscriber.wake.wait(), max(0.0, recheck_at - loop.time()))
        subscriber.wake.clear()
        if loop.time() >= recheck_at:
            recheck_at = loop.time() + RECHECK_SECONDS
            if await _sight(scope) != subscriber.sight:
                await send({"type": "websocket.close", "code": NOT_LOGGED_IN, "reason": "the session ended"})
                return
        if subscriber.stale:
            subscriber.stale = False
            snapshot = await _snapshot(subscriber)
            versions = {job["id"]: job["version"] for job in snapshot}
            await _say(send, {"type": "snapshot", "jobs": snapshot})
        while subscriber.waiting and not subscriber.stale:
            job = subscriber.waiting.pop(next(iter(subscriber.waiting)))
            if job["version"] > versions.get(job["id"], 0):
                versions[job["id"]] = job["version"]
                await _say(send, {"type": "job", "job": job})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "websocket.disconnect":
        pass  # what a page says is not listened to


async def _say(send: Send, message: Message) -> None:
    await send({"type": "websocket.send", "text": json.dumps(message)})


def _training(scope: dict[str, Any]) -> UUID | None:
    wanted = parse_qs(scope["query_string"].decode()).get("training")
    return UUID(wanted[0]) if wanted else None


@database_sync_to_async
def _snapshot(subscriber: Subscriber) -> list[JobOnWire]:
    visible = subscriber.sight.jobs()
    if subscriber.training:
        visible = visible.filter(training=subscriber.training)
    return events.snapshot(visible)


@database_sync_to_async
def _sight(scope: dict[str, Any]) -> Sight | None:
    """Return what this session may see now, None when it is over or asks for the desk of an operator it is not."""
    user = scope["user"]
    if not user.is_authenticated:
        return None
    person = get_user_model().objects.filter(pk=user.pk, is_active=True).first()
    if person is None or not _stands(scope["session"].session_key, person):
        return None
    desk = "desk" in parse_qs(scope["query_string"].decode())
    return sight.of(person, desk=desk)


def _stands(session_key: str, person: AbstractBaseUser) -> bool:
    """Whether the session is there, is not too old, and was opened with the password of today."""
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    return constant_time_compare(session.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash())
