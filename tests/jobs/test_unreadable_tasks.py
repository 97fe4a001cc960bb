"""A django-q2 task whose code went away with an update takes nobody down."""

from __future__ import annotations

import datetime
import sys
import types
import uuid

import pytest
from django.utils import timezone
from django_q.signing import SignedPackage

from jobs import workers
from jobs.models import JobQueue
from jobs.worker import Loop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def payload(monkeypatch: pytest.MonkeyPatch) -> str:
    """A signed task that names a function of a module that is not there any more."""
    module = types.ModuleType("gone_with_the_update")
    exec("def send(): pass", module.__dict__)  # noqa: S102
    with monkeypatch.context() as there:
        there.setitem(sys.modules, module.__name__, module)
        task = {"id": "1", "name": "letter", "func": module.send, "args": (), "kwargs": {}}
        return str(SignedPackage.dumps(task))


def test_the_worker_that_takes_it_drops_it_and_works_on(payload: str) -> None:
    JobQueue.objects.create(payload=payload)
    Loop(resident=False).drain()
    assert not JobQueue.objects.exists()


def test_the_rescue_of_it_drops_it(payload: str) -> None:
    long_ago = timezone.now() - datetime.timedelta(hours=1)
    JobQueue.objects.create(payload=payload, token=uuid.uuid4(), leased_until=long_ago, attempt=2, deaths=1)
    assert workers.rescue() == 1
    assert not JobQueue.objects.exists()
