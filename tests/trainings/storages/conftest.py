"""A bucket as the storage, over a socket."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.fakes import s3
from tests.trainings.media.conftest import Recordings, make_training, recordings, scratch, work
from trainai import media

__all__ = ["Recordings", "make_training", "recordings", "scratch", "work"]


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[s3.S3Server]:
    server = s3.S3Server(tmp_path_factory.mktemp("s3") / "data")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def gate(s3_server: s3.S3Server) -> Iterator[s3.Gate]:
    """Stands before the server."""
    with s3.gate_before(s3_server) as gate:
        yield gate


@pytest.fixture
def bucket(gate: s3.Gate, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> s3.Gate:
    """The settings use the bucket, through the gate, below a prefix of the test's own."""
    use(gate, settings, monkeypatch)
    return gate


def use(gate: s3.Gate, settings: Settings, monkeypatch: pytest.MonkeyPatch, **other: str) -> None:
    """Point the settings at the gate; `other` stands in for the true variables."""
    variables = {**gate.server.environment(gate.url), "AWS_LOCATION": uuid.uuid4().hex, **other}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    settings.MEDIA_BUCKET = variables["AWS_STORAGE_BUCKET_NAME"]
    settings.STORAGES = {**settings.STORAGES, "default": media.bucket(variables["AWS_STORAGE_BUCKET_NAME"])}
