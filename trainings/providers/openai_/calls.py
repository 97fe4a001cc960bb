"""Asking a service: several questions at once, each answer booked and stored as soon as it is here.

Threads only talk to the service and make the next question. All that touches the database happens in the caller's
thread.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils import timezone

from jobs.errors import JobError, TemporaryError, WaitUntil
from trainings.paid import account
from trainings.providers.openai_.asking import Asking
from trainings.providers.openai_.booking import Line, Question

PAUSE = datetime.timedelta(seconds=3)
"""After a stumble in the middle."""


def ask_all(questions: Iterable[Question], line: Line, *, tick: Callable[[], None] = lambda: None) -> Iterator[Any]:
    """Yield the answers in the order of the questions, at most `OPENAI_PARALLEL` of them under way.

    `questions` is read in another thread, one ahead. `tick` is called twice a second and before each call; what it
    raises ends the asking at once. A question that the service stumbles over is asked again, twice at most, while the
    others go on. After an error nothing new is asked, and what is under way is waited for: it is paid and will be
    needed. A stumble of the service uses up no attempt when something was answered before it: many calls stumble sooner
    or later.
    """
    asking, payer = Asking(questions, line), account.current()
    try:
        while not asking.is_done:
            asking.book()
            asking.ask(tick)
            if asking.has_answer:
                yield asking.take()
            else:
                asking.wait(tick)
    except JobError as error:
        asking.finish(tick)
        if isinstance(error, TemporaryError) and payer.job_id and payer.answered:
            raise WaitUntil(timezone.now() + PAUSE, error.code, error.message, error.detail) from error
        raise
    finally:
        asking.abandon()
