"""The loop that claims and runs: resident in a worker process, or until nothing is due."""

from __future__ import annotations

import contextlib
import logging
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import Any
from uuid import UUID

from django.db import IntegrityError, InterfaceError, OperationalError, connection

from jobs import claim, log_lines, prepared, processes, runner, states, tasks, warming
from jobs.attempt import Attempt
from jobs.claim import Claimed, Task, Wanted
from jobs.errors import HandedBack
from jobs.heartbeat import Heartbeat
from jobs.hold import INTERRUPT_SIGNAL
from jobs.models import JobQueue, Worker
from jobs.patience import patiently
from jobs.states import Lease
from jobs.workers import Identity

logger = logging.getLogger("jobs")

POLL_SECONDS = 1.0
"""How long a lost notification may delay a job."""
_RECONNECT_SECONDS = 0.5
_THREAD_SECONDS = 1.0
"""How long threads of a handler may outlive it."""


@dataclass
class Tally:
    """What a loop did, job ids in order."""

    processed: list[UUID] = field(default_factory=list)
    failed: list[UUID] = field(default_factory=list)


class Loop:
    """One process's life as a worker."""

    def __init__(self, *, resident: bool, wanted: Wanted | None = None) -> None:
        self.identity = Identity(resident=resident)
        self.tally = Tally()
        self.stopping = False
        self.worn = False
        """A handler left threads behind, which nobody can end but with the process."""
        self._wanted = wanted or Wanted()
        self._served = self.identity.id  # whose turn it was last; anywhere in the circle of companies to begin with
        self._ahead: Claimed | Task | None = None
        """Claimed with the end of the last job."""
        self._unanswered = False
        """The connection broke while it was claimed: nobody knows whether it was."""
        self._bell: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._in_main_thread = threading.current_thread() is threading.main_thread()
        self._heartbeat = Heartbeat(self.identity, self._bell, may_exit=resident)

    def stay(self, until: Callable[[], bool] = lambda: False) -> None:
        """Work until told to stop, or until `until` says so between two jobs."""
        with self._at_work():
            prepared.prefer()
            while not self.stopping and not until():
                try:
                    if not self.work_one():
                        self._wait()
                except (OperationalError, InterfaceError) as error:
                    self._reconnect(error)
            if self._ahead:
                self._give_back()

    def drain(self, *, limit: int | None = None, seconds: float | None = None) -> Tally:
        """Work until nothing is due, `limit` rows were run, or `seconds` have passed; say what was done."""
        give_up = time.monotonic() + seconds if seconds is not None else None
        with self._at_work():
            done = 0
            while not self.stopping and done != limit and (give_up is None or time.monotonic() < give_up):
                if not self.work_one():
                    break
                done += 1
        return self.tally

    def work_one(self) -> bool:
        """Claim and run one row; False when nothing is due."""
        claimed, self._ahead = self._ahead, None
        if claimed is None:
            claimed = claim.take(self.identity.id, self.identity.name, self._wanted, after=self._served)
        if isinstance(claimed, Claimed):
            self._served = claimed.job.company_id
            self._run_job(claimed)
        elif isinstance(claimed, Task):
            self._run_task(claimed)
        if claimed is not None and self.identity.resident:
            self._tidy()
        return claimed is not None

    def stop(self) -> None:
        """Claim nothing more, and hand back what is running."""
        self.stopping = True
        self._bell.put(None)
        work = self._heartbeat.hold
        if work is not None:
            work.interrupt(HandedBack)

    def _run_job(self, claimed: Claimed) -> None:
        attempt = Attempt(claimed.job, claimed.lease, buffered=True)
        with self._marked(claimed), self._heartbeat.holding(attempt):
            if self.stopping:  # told to between the claim and here
                attempt.interrupt(HandedBack)
            if self.identity.resident:
                warming.beside(claimed.job.job_type)
            outcome = runner.run(attempt, self._complete if self.identity.resident else states.complete)
            logger.info("job ended: %s", outcome)
        if outcome in ("completed", "failed", "retry"):
            (self.tally.processed if outcome == "completed" else self.tally.failed).append(claimed.job.pk)
        if self._unanswered:
            self._give_back()

    def _complete(self, lease: Lease, output: dict[str, Any], job_type: str) -> bool:
        """End a job well and claim the next one with it, which halves the commits of a busy worker."""
        alone = states.completing_alone(lease, output, job_type)
        if alone is None or self.stopping or self._ahead or self._unanswered:
            return states.complete(lease, output, job_type)
        try:
            done, self._ahead = claim.finish_and_take(
                alone, self.identity.id, self.identity.name, self._wanted, after=self._served
            )
        except IntegrityError:  # another worker took the last place under a cap
            done = False
        except (OperationalError, InterfaceError):
            self._unanswered = True
            raise
        return done or states.complete(lease, output, job_type)

    def _run_task(self, claimed: Task) -> None:
        try:
            work = tasks.hold(claimed.payload, claimed.token)
        except tasks.Unreadable as reason:
            tasks.drop(claimed.token, reason)
            return
        with self._heartbeat.holding(work):
            tasks.run(claimed.payload, work)

    def _marked(self, claimed: Claimed) -> contextlib.AbstractContextManager[None]:
        """Let each line of the log name the job. A resident worker has one at a time, whichever thread writes."""
        return log_lines.about(
            whole_process=self.identity.resident,
            job=claimed.job.pk,
            job_type=claimed.job.job_type,
            company=claimed.job.company_id,
            attempt=claimed.lease.attempt,
            worker=self.identity.name,
        )

    def _tidy(self) -> None:
        """End the processes that the work left behind; notice its threads."""
        if strays := processes.end_strays():
            logger.warning("ended %d processes that a handler left behind", strays)
        if threading.active_count() > 2 and (left := _left_threads()):  # this one and the heartbeat
            logger.error("a handler left threads behind, its worker is replaced: %s", ", ".join(left))
            self.worn = True

    def _wait(self) -> None:
        with contextlib.suppress(queue.Empty):
            self._bell.get(timeout=POLL_SECONDS)
            while True:
                self._bell.get_nowait()

    def _reconnect(self, error: Exception) -> None:
        """After a broken connection nobody knows whether a claim was committed: give back what is not held."""
        logger.warning("database: %s", str(error).strip())
        connection.close()
        time.sleep(_RECONNECT_SECONDS)
        with contextlib.suppress(OperationalError, InterfaceError):
            self._give_back()

    def _give_back(self) -> None:
        """Hand back what the queue says this worker has, while it has nothing."""
        for row in JobQueue.objects.filter(worker_id=self.identity.id, token__isnull=False):
            if row.token and row.job_id:
                states.hand_back(Lease(row.job_id, row.token))
            elif row.token:
                tasks.hand_back(row.token)
        self._ahead, self._unanswered = None, False

    @contextlib.contextmanager
    def _at_work(self) -> Iterator[None]:
        with self._signals() if self._in_main_thread else contextlib.nullcontext():
            self._heartbeat.start()
            try:
                self._heartbeat.wait_registered(_RECONNECT_SECONDS * 10)
                yield
            finally:
                self._heartbeat.stop()
            # Not after an error: whoever ends by one may hold a job, and is found dead by this row.
            patiently(lambda: Worker.objects.filter(pk=self.identity.id).delete())

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        def stop(_number: int, _frame: FrameType | None) -> None:
            self.stop()

        def interrupt(_number: int, _frame: FrameType | None) -> None:
            if self._heartbeat.hold is not None:
                self._heartbeat.hold.on_signal()

        wanted = {signal.SIGTERM: stop, INTERRUPT_SIGNAL: interrupt}
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            wanted[signal.SIGINT] = stop
        before = {number: signal.signal(number, handler) for number, handler in wanted.items()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _left_threads() -> list[str]:
    until = time.monotonic() + _THREAD_SECONDS
    left = [each for each in threading.enumerate() if not each.daemon and each is not threading.current_thread()]
    for each in left:
        each.join(max(0.0, until - time.monotonic()))
    return [each.name for each in left if each.is_alive()]
