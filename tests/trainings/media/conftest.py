"""Recordings made once a session, the work that runs children for a test, and trainings with a recording."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django import Settings

from tests.trainings import recordings_factory
from tests.trainings.plain_work import PlainWork
from trainai.accounts.models import Company, User
from trainings.models import Training, Upload

MakeTraining = Callable[[str], Training]


class Recordings:
    """Makes each kind of recording when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, kind: str) -> Path:
        """Return the recording that `recordings_factory.<kind>` makes, in a folder of its own."""
        path = self._folder / kind / "recording.mp4"
        if not path.exists():
            path.parent.mkdir()
            getattr(recordings_factory, kind)(path)
        return path


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Recordings:
    return Recordings(tmp_path_factory.mktemp("recordings"))


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture
def work(scratch: Path) -> PlainWork:
    return PlainWork(scratch)


@pytest.fixture
def media_root(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def make_training(media_root: Path, recordings: Recordings, alice: User, company: Company) -> MakeTraining:
    """Return a function that makes alice's training with a recording of the kind."""

    def make(kind: str) -> Training:
        now = timezone.now()
        upload = Upload.objects.create(
            user=alice, company=company, filename="recording.mp4", finished_at=now, expires_at=now
        )
        with recordings(kind).open("rb") as file:
            default_storage.save(upload.name, file)
        return Training.objects.create(user=alice, company=company, upload=upload, title="A recording")

    return make
