"""One job: run its handler, then write how it ended."""

from __future__ import annotations

import datetime
import errno
import logging
import traceback
from collections.abc import Callable
from typing import Any

from django.db import DataError, connection

from jobs import backoff, registry, shape, states, stored
from jobs.attempt import Attempt
from jobs.errors import (
    DiskFull,
    HandedBack,
    Interrupted,
    JobError,
    MoreLater,
    OutOfMemory,
    PermanentError,
    RetryAt,
    TooSlow,
    UnknownJobType,
    WaitUntil,
)
from jobs.patience import patiently

logger = logging.getLogger("jobs")

DETAIL_LIMIT = 8_000
"""Characters of technical detail kept with a failure: the end of a traceback is what helps."""
OUTPUT_LIMIT_BYTES = 1_000_000
_OUR_SIDE = "Something went wrong on our side."
_DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


Complete = Callable[[states.Lease, dict[str, Any], str], bool]
"""Ends a job well, by its lease, output and type; False when somebody else decided."""


def run(attempt: Attempt, complete: Complete = states.complete) -> str:
    """Run a claimed job to an outcome, and return it: completed, failed, retry, waiting, handed_back or lost."""
    try:
        return _run(attempt, complete)
    finally:
        attempt.end()


def _run(attempt: Attempt, complete: Complete) -> str:
    try:
        policy = registry.get(attempt.job.job_type)
        if why := shape.misfit(attempt.job.input_data, policy.takes):
            raise PermanentError("bad_input", "This part was asked for in a way that it does not understand.", why)
        with attempt.interruptible():
            output = policy.run(attempt)
        _check_output(output)
        if by := policy.by():
            output = {"by": by, **output}
    except Interrupted as why:
        return conclude(attempt, why)
    except UnknownJobType as error:
        return failed(attempt, PermanentError("unknown_job_type", "Nobody here knows how to do this.", str(error)))
    except JobError as error:
        return failed(attempt, error)
    except SystemExit as error:
        return failed(attempt, JobError("exited", "This part stopped unexpectedly. It is tried again.", repr(error)))
    except MemoryError:
        return failed(attempt, OutOfMemory(traceback.format_exc()))
    except Exception as error:
        logger.exception("a handler failed")
        return failed(attempt, _unexpected(error))
    try:
        done = patiently(lambda: complete(attempt.lease, output, attempt.job.job_type))
    except DataError as error:  # rows refuse more than JSON does
        return failed(attempt, PermanentError("bad_output", _OUR_SIDE, str(error)))
    return "completed" if done else "lost"


def conclude(attempt: Attempt, why: Interrupted) -> str:
    """Write how an interrupted attempt ended. A cancelled or lost one has nothing to write: others have decided."""
    if not connection.in_atomic_block:
        connection.close()  # the interrupt may have come in the middle of a query
    if isinstance(why, HandedBack):
        return "handed_back" if patiently(lambda: states.hand_back(attempt.lease)) else "lost"
    if isinstance(why, TooSlow):
        return failed(attempt, JobError("time_limit", "This took longer than it may and was stopped."))
    return "lost"


def failed(attempt: Attempt, error: JobError) -> str:
    """Write that an attempt failed; return what comes of it: waiting, retry, failed, or lost when others decided."""
    job = attempt.job
    data = error_data(error, attempt.lease.attempt)
    if isinstance(error, WaitUntil):
        due = error.when
        return "waiting" if patiently(lambda: states.wait(attempt.lease, data, due)) else "lost"
    if error.retryable and job.retry_count < job.max_retries:
        now = datetime.datetime.now(datetime.UTC)
        when = error.when if isinstance(error, RetryAt) else None
        run_at = when or backoff.next_try(registry.get(job.job_type), job.retry_count, now=now)
        return "retry" if patiently(lambda: states.retry_later(attempt.lease, data, run_at)) else "lost"
    return "failed" if patiently(lambda: states.fail(attempt.lease, data, job.job_type)) else "lost"


def _unexpected(error: Exception) -> JobError:
    if isinstance(error, OSError) and error.errno in _DISK_FULL:
        return DiskFull(traceback.format_exc())
    return JobError("unexpected", _OUR_SIDE, traceback.format_exc())


def error_data(error: JobError, attempt: int) -> dict[str, object]:
    """Return the stored form of an error: what `error_data` promises. `more_later` when it is none."""
    return {
        **({"more_later": True} if isinstance(error, MoreLater) else {}),
        "code": error.code,
        "message": stored.readable(error.message),
        "detail": stored.readable(error.detail[-DETAIL_LIMIT:]),
        "retryable": error.retryable,
        "attempt": attempt,
        "at": datetime.datetime.now(datetime.UTC).isoformat(),
    }


def _check_output(output: object) -> None:
    if not isinstance(output, dict):
        raise PermanentError("bad_output", _OUR_SIDE, f"not a dict: {type(output)}")
    try:
        stored.as_text(output, OUTPUT_LIMIT_BYTES)
    except ValueError as reason:
        raise PermanentError("bad_output", _OUR_SIDE, str(reason)) from reason
