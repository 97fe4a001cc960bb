"""The next of something, made in a thread of its own while others are under way: one ahead, never more."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Made(Generic[T]):
    """The next item."""

    item: T


@dataclass(frozen=True)
class Ended:
    """There is no next item, or `error` says why it could not be made."""

    error: BaseException | None = None


class Ahead(Generic[T]):
    """Tells `news` each item, and the end. The items are made without the database: the thread has none."""

    def __init__(self, items: Iterable[T], news: Callable[[Made[T] | Ended], None]) -> None:
        self._items = items
        self._news = news
        self._wanted = threading.Semaphore(0)
        self._is_over = False
        # A daemon: cutting that takes long must not keep the process from ending.
        run = contextvars.copy_context().run  # for whom the calls are made
        threading.Thread(target=run, args=(self._make,), daemon=True).start()

    def more(self) -> None:
        """Have the next one made: the last was taken."""
        self._wanted.release()

    def end(self) -> None:
        """Make no more."""
        self._is_over = True
        self._wanted.release()

    def _make(self) -> None:
        try:
            for item in self._items:
                self._news(Made(item))
                self._wanted.acquire()
                if self._is_over:
                    return
        except BaseException as error:  # noqa: BLE001  whoever waits for the item raises it
            self._news(Ended(error))
        else:
            self._news(Ended())
