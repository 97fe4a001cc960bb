"""What nobody comes back for goes; whatever somebody may still want stays."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import Schedule

from tests.trainings.making import ready_training
from tests.trainings.tus_client import TusClient
from trainai.accounts.models import User
from trainings import schedules, sweeping, upload_turns
from trainings.models import Upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("idle_handlers")]
LONG_AGO = "2020-01-01T00:00Z"


def age(path: Path) -> Path:
    os.utime(path, (0, 0))
    return path


def test_an_abandoned_upload_goes_and_others_stay(alice: User, media_root: Path) -> None:
    tus = TusClient(alice)
    abandoned, fresh = tus.start(10), tus.start(10)
    tus.patch(abandoned, b"12345", 0)
    tus.send(b"complete")
    first = Upload.objects.get(offset=5)
    Upload.objects.filter(pk=first.pk).update(expires_at=LONG_AGO)
    Upload.objects.exclude(finished_at=None).update(expires_at=LONG_AGO)
    assert sweeping.sweep()["uploads"] == 1
    assert not first.path.parent.exists()
    assert tus.head(abandoned).status_code == 410
    assert tus.head(fresh).status_code == 200
    assert Upload.objects.exclude(finished_at=None).get().path.exists()


@pytest.mark.django_db(transaction=True)
def test_the_sweeper_never_meets_a_live_writer(alice: User, media_root: Path) -> None:
    address = TusClient(alice).start(10)
    upload = Upload.objects.get()
    with upload_turns.take(upload.id):
        Upload.objects.update(expires_at=LONG_AGO)
        assert sweeping.sweep()["uploads"] == 0
        assert upload.path.exists()
    assert sweeping.sweep()["uploads"] == 1
    assert TusClient(alice).head(address).status_code == 410


def test_old_folders_without_a_row_go_and_everything_else_stays(alice: User, media_root: Path) -> None:
    training = ready_training(alice)
    (media_root / training.folder).mkdir(parents=True)
    stays = [
        age(training.upload.path.parent),
        age(media_root / training.folder),
        media_root / f"trainings/{uuid.uuid4()}",
        media_root / "trainings/not-an-id",
    ]
    for path in stays[2:]:
        path.mkdir(parents=True)
    age(stays[3])
    goes = [media_root / f"trainings/{uuid.uuid4()}", media_root / f"uploads/{uuid.uuid4()}"]
    for path in goes:
        path.mkdir(parents=True)
        (path / "left").write_bytes(b"over")
        age(path)
    call_command("sweep_uploads")
    assert [path.exists() for path in goes] == [False, False]
    assert all(path.exists() for path in stays)


def test_what_was_given_up_long_ago_is_forgotten(alice: User, media_root: Path) -> None:
    address = TusClient(alice).start(10)
    TusClient(alice).delete(address)
    sweeping.sweep()
    assert TusClient(alice).head(address).status_code == 410
    Upload.objects.update(discarded_at=LONG_AGO)
    assert sweeping.sweep()["rows"] == 1
    assert TusClient(alice).head(address).status_code == 404


def test_every_installation_sweeps_by_itself(alice: User, media_root: Path) -> None:
    abandoned = TusClient(alice).start(10)
    Upload.objects.update(expires_at=LONG_AGO)
    schedule = Schedule.objects.get(func=schedules.SWEEP)
    assert schedule.schedule_type == Schedule.HOURLY
    assert import_string(schedule.func)(planned=timezone.now().isoformat())["uploads"] == 1
    assert TusClient(alice).head(abandoned).status_code == 410
