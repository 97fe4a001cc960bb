"""Two sessions of the database at once: real commits, the first one stopped at a named point."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, transaction

from tests.waiting import PATIENCE_SECONDS

Verb = Callable[[], object]
_OF_TRANSACTIONS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SELECT set_config")


class Stop:
    """Holds a session when it has done its statement number `at`, counted from 1, until it may go on."""

    def __init__(self, at: int) -> None:
        self.holds = False
        self.reached_or_over = threading.Event()
        self.may_go_on = threading.Event()
        self._left = at

    def __call__(self, execute: Callable[..., Any], text: str, params: Any, many: bool, context: Any) -> Any:
        """Do a statement, then look whether this was the one: a wrapper for `connection.execute_wrapper`."""
        result = execute(text, params, many, context)
        if not text.startswith(_OF_TRANSACTIONS):
            self._left -= 1
            if not self._left:
                self.holds = True
                self.reached_or_over.set()
                assert self.may_go_on.wait(PATIENCE_SECONDS)
        return result


class Sessions:
    """The two, each a thread with a connection of its own."""

    def __init__(self) -> None:
        self._first, self._second = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self._backend = self._second.submit(_backend).result()

    def close(self) -> None:
        """End both."""
        for session in (self._first, self._second):
            session.submit(lambda: connection.close()).result()  # of that thread
            session.shutdown()

    def interleave(self, first: Verb, second: Verb, at: int) -> tuple[object, object] | None:
        """Do `first` in a transaction up to its statement number `at`, all of `second` that need not wait, the rest.

        Returns both answers, or None when `first` has fewer statements.
        """
        stop = Stop(at)
        begun = self._first.submit(_in_a_transaction, first, stop)
        assert stop.reached_or_over.wait(PATIENCE_SECONDS)
        if not stop.holds:
            begun.result()
            return None
        try:
            came = self._second.submit(second)
            while not came.done() and not self._second_waits():
                pass
        finally:
            stop.may_go_on.set()
        return begun.result(PATIENCE_SECONDS), came.result(PATIENCE_SECONDS)

    def _second_waits(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [self._backend])
            return bool(cursor.fetchone()[0])


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _in_a_transaction(verb: Verb, stop: Stop) -> object:
    try:
        with transaction.atomic(), connection.execute_wrapper(stop):
            return verb()
    finally:
        stop.reached_or_over.set()
