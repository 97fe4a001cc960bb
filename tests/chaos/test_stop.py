"""What the main process of a cluster does when it is told to stop, each in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.process import BaseProcess

import pytest

from jobs import keeper, processes
from jobs.keeper import Keeper
from tests.processes import in_a_process

_fork = multiprocessing.get_context("fork")


def sentinel_that(does: Callable[[], object]) -> BaseProcess:
    """Start a process that stands for the sentinel; return when it is ready to hear."""
    ready, say = os.pipe()

    def life() -> None:
        does()
        os.write(say, b"ready")
        signal.sigwait([signal.SIGTERM])

    sentinel = _fork.Process(target=life)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    sentinel.start()
    os.read(ready, 5)
    return sentinel


def a_stubborn_child() -> None:
    """Leave a process behind that hears nothing."""
    if not os.fork():
        while True:
            signal.pause()


def test_the_workers_hear_of_a_stop_while_the_main_process_is_busy() -> None:
    def busy() -> None:
        kept = Keeper()
        kept._sentinel = sentinel_that(lambda: None)
        kept._stop(signal.SIGTERM, None)  # as it comes in the middle of a duty
        kept._sentinel.join()

    assert in_a_process(busy)


def test_workers_whose_sentinel_died_do_not_keep_new_ones_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "STOP_SECONDS", 3600.0)
    monkeypatch.setattr(keeper, "ORPHAN_SECONDS", 0.0)
    monkeypatch.setattr(Keeper, "_rescue", lambda kept: 1.0)

    def end() -> None:
        processes.adopt_orphans()
        sentinel = sentinel_that(a_stubborn_child)
        sentinel.kill()
        sentinel.join()
        Keeper()._end(sentinel)
        assert not processes.children(os.getpid())

    assert in_a_process(end)


def test_a_stop_does_not_wait_for_what_workers_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "STOP_SECONDS", 3600.0)
    monkeypatch.setattr(Keeper, "_rescue", lambda kept: 1.0)

    def stop() -> None:
        processes.adopt_orphans()
        Keeper()._end(sentinel_that(a_stubborn_child))
        assert not processes.children(os.getpid())

    assert in_a_process(stop)
