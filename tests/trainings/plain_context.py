"""A `Context` for tests of handlers: stored steps and real child processes, no engine around them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction

from jobs.models import BackgroundJob
from tests.trainings.plain_work import PlainWork
from trainings.models import Training

T = TypeVar("T")


class PlainContext(PlainWork):
    """An attempt at a job of `training`. Pass the `steps` of one attempt to the next, as the engine does."""

    def __init__(self, training: Training, job_type: str, scratch: Path, *, file_limit: int | None = None) -> None:
        super().__init__(scratch, file_limit=file_limit)
        self.job = BackgroundJob.objects.create(
            user=training.user, company=training.company, training=training, job_type=job_type
        )
        self.input: Mapping[str, Any] = {}
        self.steps: dict[str, str] = {}
        self.messages: list[str] = []

    def step(self, name: str, run: Callable[[], T]) -> T:
        if name not in self.steps:
            self.steps[name] = json.dumps(run())
        stored: T = json.loads(self.steps[name])
        return stored

    def stored_steps(self) -> frozenset[str]:
        return frozenset(self.steps)

    def owned(self) -> AbstractContextManager[None]:
        return transaction.atomic()

    def report(self, percent: float, message: str = "") -> None:
        super().report(percent, message)
        self.messages.append(message)
