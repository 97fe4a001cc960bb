"""Jobs of every temper. They write what they do into the history, outside the database."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import time
from collections.abc import Callable
from functools import wraps
from http.client import HTTPConnection
from typing import Any, cast

from django.db import connection

from bench.chaos import apps, plain
from bench.chaos.history import note
from jobs.attempt import Attempt
from jobs.context import Context
from jobs.errors import PermanentError, TemporaryError
from jobs.registry import handler

Work = Callable[["Witness"], dict[str, Any]]
POLICY: dict[str, Any] = {"max_retries": 8, "backoff_base": 0.3, "backoff_limit": 3.0}
FROZEN_SECONDS = 4.0
"""A pause so long within a loop means that the process was stopped."""


class Witness:
    """One attempt that says what it does."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.input = context.input
        attempt = cast("Attempt", context)
        self.token = str(attempt.lease.token)
        self.number = attempt.lease.attempt
        self.job = str(context.job.pk)

    def note(self, kind: str, **data: Any) -> None:
        note(kind, job=self.job, token=self.token, **data)

    def step(self, name: str, work: Callable[[], object]) -> None:
        """Run a step of the engine, with a note at each moment that counts."""

        def noted() -> dict[str, str]:
            self.note("step_began", step=name)
            work()
            return {"token": self.token}

        self.note("step_asked", step=name)
        self.context.step(name, noted)
        self.note("step_done", step=name)

    def pay(self, name: str) -> None:
        """Call the counting server: what must not happen twice."""
        bill = json.dumps({"job": self.job, "token": self.token, "step": name})
        till = HTTPConnection(apps.meeting_place(), self.input["till"], timeout=10)
        try:
            till.request("POST", "/", bill)
            till.getresponse().read()
        finally:
            till.close()

    def take_effect(self, name: str) -> None:
        """Write a row of our own under the lease, once."""
        with self.context.owned(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO chaos_effects (job, name, token) SELECT %s, %s, %s"
                " WHERE NOT EXISTS (SELECT 1 FROM chaos_effects WHERE job = %s AND name = %s)",
                [self.job, name, self.token, self.job, name],
            )

    def work_for(self, seconds: float) -> None:
        """Be busy and report."""
        began = time.monotonic()
        while (spent := time.monotonic() - began) < seconds:
            self.context.report(100 * spent / seconds, "at work")
            time.sleep(0.05)


def witnessed(name: str, **policy: Any) -> Callable[[Work], Work]:
    """Register a handler that notes its beginning and its end."""

    def register(work: Work) -> Work:
        @wraps(work)
        def run(context: Context) -> dict[str, Any]:
            witness = Witness(context)
            witness.note("began", pid=os.getpid(), host=socket.gethostname(), attempt=witness.number)
            try:
                output = work(witness)
            except BaseException as why:
                witness.note("ended", how=type(why).__name__)
                raise
            witness.note("ended", how="returned")
            return {**output, "token": witness.token}

        handler(f"chaos_{name}", label=name, **{**POLICY, **policy})(run)
        return work

    return register


@witnessed("instant")
def instant(witness: Witness) -> dict[str, Any]:
    witness.take_effect("only")
    return {}


@handler("chaos_plain", label="plain", **POLICY)
def plain_work(context: Context) -> dict[str, Any]:
    """What the peers run too."""
    plain.work(context.input["number"], context.input["seconds"])
    return {}


@witnessed("long")
def long(witness: Witness) -> dict[str, Any]:
    witness.work_for(witness.input["seconds"])
    witness.take_effect("only")
    return {}


@witnessed("sleeping")
def sleeping(witness: Witness) -> dict[str, Any]:
    time.sleep(witness.input["seconds"])
    return {}


@witnessed("paying")
def paying(witness: Witness) -> dict[str, Any]:
    for name in ("first", "second", "third"):
        witness.step(name, lambda name=name: witness.pay(name))  # type: ignore[misc]
        witness.work_for(witness.input["seconds"] / 3)
    witness.take_effect("only")
    return {}


@witnessed("family")
def family(witness: Witness) -> dict[str, Any]:
    """A child, a grandchild in the background, one in a session of its own, and a file."""
    (witness.context.scratch / "part").write_bytes(b"x" * 1000)
    witness.context.run(["sh", "-c", f"sleep 301 & setsid sleep 302 & exec sleep {witness.input['seconds']}"])
    return {}


@witnessed("stumbling")
def stumbling(witness: Witness) -> dict[str, Any]:
    if witness.context.job.retry_count < witness.input["times"]:
        raise TemporaryError("busy", "The service is busy.", witness.token)
    return {}


@witnessed("owning")
def owning(witness: Witness) -> dict[str, Any]:
    """Stands within its own transaction, locks and all."""
    with witness.context.owned():
        time.sleep(witness.input["seconds"])
    return {}


@witnessed("failing")
def failing(witness: Witness) -> dict[str, Any]:
    raise PermanentError("bad_file", "This file cannot be read.", witness.token)


@witnessed("odd")
def odd(witness: Witness) -> dict[str, Any]:
    """What JSON can say and PostgreSQL cannot keep."""
    if witness.input["where"] == "step":
        witness.context.step("odd", lambda: "a\0b")
    return {"text": "a\0b"}


@witnessed("poison")
def poison(witness: Witness) -> dict[str, Any]:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


@witnessed("stubborn")
def stubborn(witness: Witness) -> dict[str, Any]:
    """Hears nothing. When it was frozen it ends at once, as if it still had the right to."""
    until = last = time.monotonic()
    until += witness.input["seconds"]
    while last < until:
        with contextlib.suppress(BaseException):
            time.sleep(0.05)
            now = time.monotonic()
            if now - last > FROZEN_SECONDS:
                break
            last = now
    if last < until and witness.input["then"] == "raise":
        raise TemporaryError("thawed", "It was frozen.", witness.token)
    return {}
