"""A lease in this process's hands: how its work is interrupted, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from django.conf import settings

from jobs import processes
from jobs.errors import Interrupted

INTERRUPT_SIGNAL = signal.SIGUSR1
"""Wakes the main thread out of a blocking call; `jobs.worker` installs its handler."""


class Hold:
    """The work done under one lease token."""

    def __init__(self, token: uuid.UUID, *, job_id: uuid.UUID | None = None, time_limit: float | None = None) -> None:
        self.token = token
        self.job_id = job_id
        self.has_children = False
        self.wish: type[Interrupted] | None = None
        """Why the work must end, once it must."""
        self.wished_at = 0.0
        self.deadline = time.monotonic() + time_limit if time_limit else None
        self.news: tuple[int, str] | None = None
        """Progress that the heartbeat has still to write."""
        self._pid = os.getpid()
        self._thread = threading.get_ident()
        self._interruptible = False
        self._interrupted = False

    @cached_property
    def scratch(self) -> Path:
        """A folder of this attempt's own, made when it is first asked for."""
        folder = scratch_folder(self.token)
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)  # recordings in parts, for nobody else on this machine
        return folder

    def check(self) -> None:
        """Raise when the work must end."""
        self.leave_if_forked()
        if self.wish is not None:
            raise self.wish

    def leave_if_forked(self) -> None:
        """End this process at once when the handler forked it: connections and lease are its parent's."""
        if os.getpid() != self._pid:
            os._exit(70)  # EX_SOFTWARE of sysexits.h

    def interrupt(self, why: type[Interrupted]) -> None:
        """End the work, from another thread or a signal: its children at once, its code as soon as it can."""
        if self.wish is None:
            self.wish, self.wished_at = why, time.monotonic()
        if self.has_children:
            processes.kill_marked(str(self.token))
        if self._thread == threading.main_thread().ident:
            signal.pthread_kill(self._thread, INTERRUPT_SIGNAL)
        elif self._interruptible:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread), ctypes.py_object(self.wish))

    def on_signal(self) -> None:
        """Raise the wish in the working code, once; never within the engine's own writes."""
        if self.wish is not None and self._interruptible and not self._interrupted:
            self._interrupted = True
            raise self.wish

    @contextlib.contextmanager
    def interruptible(self) -> Iterator[None]:
        """While code runs that is not the engine's own."""
        self._interruptible = True
        try:
            self.check()
            yield
        finally:
            self.leave_if_forked()
            self._interruptible = False

    @contextlib.contextmanager
    def shielded(self) -> Iterator[None]:
        """While the engine writes in between; a wish that comes meanwhile is raised afterwards."""
        was, self._interruptible = self._interruptible, False
        try:
            self.check()
            yield
        finally:
            self._interruptible = was
        self.check()

    def end(self) -> None:
        """Leave nothing behind: no child process, no file."""
        self._interruptible = False
        if self.has_children:  # looking through every process of the machine costs milliseconds
            processes.kill_marked(str(self.token))
        if "scratch" in self.__dict__:
            shutil.rmtree(self.scratch, ignore_errors=True)


def scratch_folder(token: uuid.UUID) -> Path:
    """Return the folder that belongs to an attempt."""
    return Path(settings.VAR_DIR) / "scratch" / str(token)


def left_here() -> set[uuid.UUID]:
    """Return the attempts that have a folder on this host, or processes that this one has adopted."""
    folders = (folder.name for folder in scratch_folder(uuid.UUID(int=0)).parent.glob("*-*"))
    orphans = (processes.mark_of(pid) for pid in processes.children(os.getpid()))
    found: set[uuid.UUID] = set()
    for token in (*folders, *orphans):
        with contextlib.suppress(ValueError):  # not of our making
            found.add(uuid.UUID(token))
    return found


def clean_up(token: uuid.UUID) -> None:
    """Kill what an attempt started on this host, and delete its folder."""
    processes.kill_marked(str(token))
    shutil.rmtree(scratch_folder(token), ignore_errors=True)
