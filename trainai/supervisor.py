"""Keeps the processes of one installation running, and ends all of them when it is told to."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Sequence

from jobs import watchdog
from trainai.child import Child

STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
WATCHED = STOP_SIGNALS | {signal.SIGCHLD}
TICK_SECONDS = 0.25
STOP_SECONDS = 15.0  # workers hand their jobs back within 10 s


class Supervisor:
    """Starts children, starts them again when they end, ends those that stand still, stops them together.

    Signals are not handled but waited for: nothing is interrupted half-way, and a child's end is noticed at once.
    """

    def __init__(self, children: Sequence[Child], *, say: Callable[[str], None]) -> None:
        self.children = list(children)
        self.say = say

    def run(self, *, every_tick: Callable[[], None], when_ended: Callable[[Child, int], None]) -> None:
        """Return when a stop signal has come.

        `every_tick` is called a few times a second; `when_ended` with each child that ran once, and its exit status.
        """
        watchdog.notify("READY=1")
        while True:
            for child in list(self.children):
                self._look_after(child, when_ended)
            every_tick()
            watchdog.notify(watchdog.ALIVE)
            received = signal.sigtimedwait(WATCHED, TICK_SECONDS)
            if received and received.si_signo in STOP_SIGNALS:
                return

    def stop(self) -> None:
        """Ask every child to end and return when all have; a second stop signal, or 15 seconds, ends them by force."""
        watchdog.notify("STOPPING=1")
        for child in self.children:
            child.send(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while any(child.process and child.process.poll() is None for child in self.children):
            received = signal.sigtimedwait(WATCHED, max(0.0, min(TICK_SECONDS, deadline - time.monotonic())))
            if time.monotonic() >= deadline or (received and received.si_signo in STOP_SIGNALS):
                break
        for child in self.children:
            child.kill()

    def _look_after(self, child: Child, when_ended: Callable[[Child, int], None]) -> None:
        status = child.ended()
        if status is not None and child.once:
            self.children.remove(child)
            when_ended(child, status)
        elif status is not None:
            self.say(f"The {child.name} process ended ({describe(status)}). Starting it again in {child.pause:.1f} s.")
        elif child.is_frozen():
            self.say(f"The {child.name} process stands still. Ending it.")
            child.end_frozen()
        else:
            child.start_if_due()


def describe(status: int) -> str:
    """Say an exit status as subprocess gives it: negative for a signal."""
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"status {status}"


def take_signals() -> None:
    """From now on signals wait until somebody asks for them."""
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
