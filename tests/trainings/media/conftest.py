"""Recordings made once a session, and the work that runs children for a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trainings import recordings_factory
from tests.trainings.plain_work import PlainWork


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
def work(tmp_path: Path) -> PlainWork:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return PlainWork(scratch)
