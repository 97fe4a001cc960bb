"""What can go wrong with a job. Each error carries what its catcher decides on."""

from __future__ import annotations

import datetime

from jobs import phrases


class JobError(Exception):
    """A job failed for a reason that a person is told.

    `code` is a stable word for programs, `message` one sentence for the person with what to do,
    `detail` the technical rest for operators. `retryable` says whether trying again can help.
    """

    retryable = True

    def __init__(self, code: str, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.detail = detail


class PermanentError(JobError):
    """Trying again cannot help: a bad file, a refused key."""

    retryable = False


class OutOfMemory(PermanentError):
    """The work took more memory than one worker may: `JOB_MEMORY_MB`. Trying again would take it again."""

    def __init__(self, detail: str) -> None:
        message = phrases.kept("This needs more memory than the server gives one job. Try a smaller recording.")
        super().__init__("out_of_memory", message, detail)


class TemporaryError(JobError):
    """Trying again may help; the policy's backoff decides when."""


class DiskFull(TemporaryError):
    """There was no room for what the work writes. It is gone by now, and others may make room."""

    def __init__(self, detail: str) -> None:
        message = phrases.kept("The server's disk is full. This is tried again by itself.")
        super().__init__("disk_full", message, detail)


class RetryAt(JobError):
    """The other side named the time to try again (Retry-After, RFC 9110 section 10.2.3)."""

    def __init__(self, when: datetime.datetime, code: str, message: str, detail: str = "") -> None:
        super().__init__(code, message, detail)
        self.when = when


class WaitUntil(RetryAt):
    """Nobody can do this before `when`: a service that is down, a limit that is reached. Uses up no attempt."""


class MoreLater(WaitUntil):
    """Nothing is wrong and nothing is over: what comes next is not there before `when`."""


class ProcessFailed(Exception):
    """A child process ended badly. `returncode` is negative for a signal; `stderr` holds its last lines."""

    def __init__(self, returncode: int, stderr: str) -> None:
        super().__init__(f"exit status {returncode}: {stderr[-300:]}")
        self.returncode = returncode
        self.stderr = stderr


class ProcessTimeout(Exception):
    """A child process did not end in the time it was given, and was killed."""


class Interrupted(BaseException):
    """The attempt must end now. Not an Exception, so that a handler's own `except Exception` lets it pass."""


class Cancelled(Interrupted):
    """Somebody asked for the job to be cancelled."""


class LeaseLost(Interrupted):
    """Another worker owns the job now; nothing this attempt writes counts."""


class HandedBack(Interrupted):
    """The worker is told to stop; the job goes back to the queue without using up an attempt."""


class TooSlow(Interrupted):
    """The attempt took longer than its job type's time limit."""


class NotAllowed(Exception):
    """The job's state does not allow this. The message is a sentence for a person."""


class UnknownJobType(LookupError):
    """No handler is registered for this job type."""
