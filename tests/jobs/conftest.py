"""Handlers of the tests: small, and each one thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

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


@pytest.fixture
def operator(db: None, settings: Settings) -> Client:
    """A browser signed in as somebody who runs the installation; no built assets are needed to see a page."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    client = Client()
    client.force_login(User.objects.create_superuser("operator@example.com", "a long enough password"))
    return client
