"""A stop watch around a function, without what the function calls back: that is the pipeline's own time.

A watched function that another one calls is part of that one and writes no note of its own.
"""

from __future__ import annotations

import functools
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

NOTES = "BENCH_TIMES"
"""The environment's name of the file that all processes write to."""
CALLBACKS = ("heard", "on_progress", "progress")
is_watched: ContextVar[bool] = ContextVar("is_watched", default=False)


class Watch:
    """Adds up seconds; can be stopped for a while."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def run(self, work: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        try:
            return work()
        finally:
            self.seconds += time.perf_counter() - began

    def not_during(self, callback: Callable[..., Any]) -> Callable[..., Any]:
        """Return `callback` such that its time does not count."""

        def paused(*args: Any, **named: Any) -> Any:
            began = time.perf_counter()
            try:
                return callback(*args, **named)
            finally:
                self.seconds -= time.perf_counter() - began

        return paused

    def during(self, items: Iterable[Any]) -> Iterator[Any]:
        """Yield the items of a lazy result: making each counts, what is done with it does not."""
        source = iter(items)
        nothing = object()
        while (item := self.run(lambda: next(source, nothing))) is not nothing:
            yield item


def timed(stage: str, call: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` such that each call writes a note: stage, call and its seconds."""

    @functools.wraps(function)
    def watched(*args: Any, **named: Any) -> Any:
        if is_watched.get():
            return function(*args, **named)
        watch = Watch()
        for name in CALLBACKS:
            if named.get(name):
                named[name] = watch.not_during(named[name])
        token = is_watched.set(True)
        try:
            return watch.run(lambda: function(*args, **named))
        finally:
            is_watched.reset(token)
            note(stage, call, watch.seconds)

    return watched


def note(stage: str, call: str, seconds: float) -> None:
    """Write one line; short appends of several processes do not mix."""
    line = json.dumps({"stage": stage, "call": call, "seconds": seconds}) + "\n"
    with Path(os.environ[NOTES]).open("a", encoding="utf-8") as file:
        file.write(line)
