"""A process that the supervisor keeps running."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence

from jobs import watchdog
from jobs.processes import tie_to_parent

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 30.0
HEALTHY_SECONDS = 20.0
"""What lived for so long did not end of its start: its next start comes without a longer pause."""
FROZEN_SECONDS = 4.0
"""What has given no sign of life for so long stands still, and is replaced."""
FIRST_SIGN_SECONDS = 60.0
"""The same for what has just been started."""


def dies_with_parent(number: signal.Signals) -> Callable[[], None]:
    """Return a `preexec_fn`: the child gets `number` when the thread that starts it dies.

    subprocess runs it after a change of user, which would clear the request.
    """
    parent = os.getpid()

    def ask() -> None:
        tie_to_parent(number)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        if os.getppid() != parent:
            os._exit(1)

    return ask


class Child:
    """One process, started again with growing pauses when it ends. Times are those of `time.monotonic`."""

    def __init__(self, name: str, argv: Sequence[str], *, descriptors: Sequence[int] = (), once: bool = False) -> None:
        self.name = name
        self.argv = argv
        self.descriptors = descriptors
        self.once = once
        self.failures = 0
        self.due = 0.0
        self.process: subprocess.Popen[bytes] | None = None
        self._receiver: watchdog.Receiver | None = None

    def start(self) -> None:
        """Start the process in a session of its own, away from the terminal's Ctrl-C. Call from the main thread."""
        self.started_at = time.monotonic()
        self._receiver = None if self.once else watchdog.Receiver(FROZEN_SECONDS, first=FIRST_SIGN_SECONDS)
        self.process = subprocess.Popen(
            self.argv,
            env={**os.environ, watchdog.ADDRESS: self._receiver.address if self._receiver else ""},
            stdin=subprocess.DEVNULL,
            pass_fds=self.descriptors,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )

    def start_if_due(self) -> None:
        """Start the process unless it runs or its pause is not over."""
        if self.process is None and time.monotonic() >= self.due:
            self.start()

    def ended(self) -> int | None:
        """Return the exit status of a process that has ended since the last call, and set the next start's time."""
        status = self.process.poll() if self.process else None
        if status is not None:
            self.process = None
            self._hear_no_more()
            lived = time.monotonic() - self.started_at
            self.failures = 1 if lived > HEALTHY_SECONDS else self.failures + 1
            self.due = time.monotonic() + self.pause
        return status

    @property
    def pause(self) -> float:
        """Seconds until the next start."""
        return min(FIRST_PAUSE_SECONDS * 2.0 ** (self.failures - 1), LONGEST_PAUSE_SECONDS)

    def is_frozen(self) -> bool:
        """Whether the process stands still, by the signs of life that it sends; one that runs once sends none."""
        return self._receiver is not None and self._receiver.is_silent()

    def end_frozen(self) -> None:
        """End the process as if it had died; what it started goes on, if it stood still too, and ends in order."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
                os.killpg(self.process.pid, signal.SIGCONT)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process."""
        if self.process:
            self.process.send_signal(number)

    def kill(self) -> None:
        """End the process and every process of its group at once."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self._hear_no_more()

    def _hear_no_more(self) -> None:
        if self._receiver is not None:
            self._receiver.close()
            self._receiver = None
