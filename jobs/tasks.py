"""django-q2's own tasks (`async_task`, schedules): rows of the same queue with a payload."""

from __future__ import annotations

import datetime
import logging
import pydoc
import traceback
import uuid
from typing import Any

from django.db import connection
from django_q.brokers import get_broker
from django_q.monitor import save_cached, save_task
from django_q.signals import post_execute, post_execute_in_worker, pre_execute
from django_q.signing import SignedPackage

from jobs.errors import HandedBack, Interrupted, TooSlow
from jobs.hold import Hold
from jobs.models import JobQueue

logger = logging.getLogger("jobs")


class Unreadable(Exception):
    """A payload that is not signed with our key, or names code that is not there any more."""


def unpack(payload: str) -> dict[str, Any]:
    """Return the task of a payload; raises `Unreadable`."""
    try:
        task: dict[str, Any] = SignedPackage.loads(payload)
    except Exception as error:  # unpickling imports what the task names, and that may raise anything
        raise Unreadable(f"{type(error).__name__}: {error}") from error
    return task


def hold(payload: str, token: uuid.UUID) -> Hold:
    """Return the hold of a claimed task."""
    timeout = unpack(payload).get("timeout")
    return Hold(token, time_limit=timeout if timeout and timeout > 0 else None)


def run(payload: str, work: Hold) -> None:
    """Run a claimed task, keep its result as django-q2 would, and take it out of the queue."""
    task = unpack(payload)
    try:
        function = task["func"] if callable(task["func"]) else pydoc.locate(task["func"])
        if not callable(function):
            raise ValueError(f"Function {task['func']} is not defined")
        pre_execute.send_robust(sender="django_q", func=function, task=task)
        with work.interruptible():
            task["result"] = function(*task["args"], **task["kwargs"])
        task["success"] = True
        post_execute_in_worker.send_robust(sender="django_q", func=function, task=task)
    except Interrupted as why:
        if not connection.in_atomic_block:
            connection.close()
        if isinstance(why, HandedBack):
            hand_back(work.token)
        if not isinstance(why, TooSlow):
            return
        task.update(success=False, result="Task exceeded its time")
    except (Exception, SystemExit) as error:  # noqa: BLE001  (a task fails: that is its result)
        task.update(success=False, result=f"{error} : {traceback.format_exc()}")
    finally:
        work.end()
    _keep(task, work.token)


def hand_back(token: uuid.UUID) -> None:
    """Put a task back into the queue as if it had never begun."""
    JobQueue.objects.filter(token=token).update(token=None, leased_until=None, worker_id=None)


def lose(token: uuid.UUID, *, give_up: bool) -> bool:
    """Put a task whose worker died back into the queue, or fail it."""
    row = JobQueue.objects.filter(token=token)
    payload = row.values_list("payload", flat=True).first()
    if payload and give_up:
        try:
            task = unpack(payload)
        except Unreadable as reason:
            return drop(token, reason)
        return _keep({**task, "success": False, "result": "Its worker died twice"}, token)
    return bool(row.update(token=None, leased_until=None, worker_id=None, deaths=1))


def drop(token: uuid.UUID, reason: Unreadable) -> bool:
    """Take a task out of the queue that nobody can read."""
    logger.error("a task in the queue cannot be read and is dropped: %s", reason)
    return bool(JobQueue.objects.filter(token=token).delete()[0])


def _keep(task: dict[str, Any], token: uuid.UUID) -> bool:
    """Take a task out of the queue; who took it out keeps its result."""
    if not JobQueue.objects.filter(token=token).delete()[0]:
        return False
    task["stopped"] = datetime.datetime.now(datetime.UTC)
    broker = get_broker()
    (save_cached if task.get("cached") else save_task)(task, broker)
    post_execute.send_robust(sender="django_q", task=task)
    return True
