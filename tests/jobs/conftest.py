"""Handlers of the tests: small, and each one thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from jobs import queue, registry
from jobs.context import Context
from jobs.models import BackgroundJob
from trainai.accounts.models import User

Make = Callable[..., BackgroundJob]


@pytest.fixture
def handle() -> Iterator[Callable[..., None]]:
    """Register a handler for this test only: `handle("name", function, **policy)`."""
    before = dict(registry._handlers)

    def register(job_type: str, run: Callable[[Context], dict[str, Any]], **policy: Any) -> None:
        registry.handler(job_type, label=policy.pop("label", job_type.title()), **policy)(run)

    yield register
    registry._handlers.clear()
    registry._handlers.update(before)


@pytest.fixture
def enqueue(alice: User) -> Make:
    """Enqueue as alice: `enqueue("name", **options)`."""

    def make(job_type: str, **options: Any) -> BackgroundJob:
        assert alice.company
        return queue.enqueue(job_type, user=alice, company=alice.company, **options)

    return make
