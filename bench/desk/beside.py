"""What goes on beside a clean-up: jobs are made, claimed and ended, pages are read, each at its own pace."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from bench.desk.browser import LIST, Browser, told
from bench.desk.rows import People

PAUSE_SECONDS = 0.05
Act = Callable[[], None]


class Beside:
    """Three threads with a connection each, and the milliseconds of what they did."""

    def __init__(self, browser: Browser, people: People) -> None:
        self._acts: dict[str, Act] = {
            "enqueue": lambda: _enqueue(people),
            "claim": _claimer(),
            "page of the list": lambda: _look(browser),
        }

    @contextmanager
    def going_on(self) -> Iterator[dict[str, dict[str, float]]]:
        """Do all of it while the block runs; what it yields is filled at its end."""
        over = threading.Event()
        figures: dict[str, dict[str, float]] = {}
        with ThreadPoolExecutor(len(self._acts)) as threads:
            running = {name: threads.submit(_again_and_again, act, over) for name, act in self._acts.items()}
            try:
                yield figures
            finally:
                over.set()
        figures.update({name: told(one.result()) for name, one in running.items()})


def _again_and_again(act: Act, over: threading.Event) -> list[float]:
    """Return the milliseconds of each time."""
    from django.db import connection

    taken = []
    while not over.wait(PAUSE_SECONDS):
        before = time.perf_counter()
        act()
        taken.append(1000 * (time.perf_counter() - before))
    connection.close()
    return taken


def _enqueue(people: People) -> None:
    from jobs import queue

    queue.enqueue("step_pictures", user=people.user, company=people.company)


def _claimer() -> Act:
    from jobs import claim, states

    worker = uuid.uuid4()

    def take() -> None:
        claimed = claim.take(worker, "bench:1", claim.Wanted())
        if isinstance(claimed, claim.Claimed):
            states.complete(claimed.lease, {}, claimed.job.job_type)

    return take


def _look(browser: Browser) -> None:
    browser.milliseconds(LIST)
