"""Nothing stays at Mux that nobody plays: however a publishing ended, its asset goes."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from jobs import queue
from jobs.errors import TemporaryError
from jobs.models import BackgroundJob
from jobs.testing import run_due_jobs
from tests.fakes import mux as fake
from tests.fakes.mux import MuxServer
from tests.fakes.server import Request, Response
from tests.trainings.media.conftest import MakeTraining
from trainings import removal, schedules
from trainings.models import HostedVideo, Training, Video
from trainings.providers.mux_ import MuxHost

pytestmark = pytest.mark.django_db


@pytest.fixture
def prepared(mux: MuxServer, make_training: MakeTraining) -> BackgroundJob:
    """A publishing whose asset is at Mux and whose video is not here yet."""
    mux.looks = 99
    training = make_training("good")
    job = queue.enqueue("mux_upload", user=training.user, company=training.company, training=training)
    run_due_jobs(["mux_upload"], limit=1)
    assert len(mux.assets) == 1
    assert not Video.objects.exists()
    return job


def swept() -> int:
    return int(schedules.sweep()["hosted"])


def test_a_cancelled_publishing_leaves_no_asset_when_its_training_goes(prepared: BackgroundJob, mux: MuxServer) -> None:
    queue.cancel(prepared.pk)
    removal.erase(Training.objects.get())
    assert mux.assets == {}
    assert not HostedVideo.objects.exists()


def test_a_publishing_that_nobody_goes_on_with_is_swept_after_a_day(prepared: BackgroundJob, mux: MuxServer) -> None:
    assert swept() == 0, "its job waits for Mux"
    queue.cancel(prepared.pk)
    assert swept() == 0, "somebody may go on with it"
    HostedVideo.objects.update(created_at=timezone.now() - datetime.timedelta(hours=25))
    assert swept() == 1
    assert mux.assets == {}


def test_an_asset_whose_training_has_gone_is_swept(prepared: BackgroundJob, mux: MuxServer) -> None:
    BackgroundJob.objects.all().delete()
    Training.objects.all().delete()
    mux.faults.append(fake.problem(500, "internal_error", "Oops"))
    assert swept() == 0
    assert HostedVideo.objects.exists(), "what Mux did not do now is not forgotten"
    assert swept() == 1
    assert mux.assets == {}


def test_a_video_that_is_played_stays(prepared: BackgroundJob, mux: MuxServer) -> None:
    next(iter(mux.assets.values())).looks = 0
    run_due_jobs(["mux_upload"], ignore_backoff=True)
    HostedVideo.objects.update(created_at=timezone.now() - datetime.timedelta(days=9))
    assert swept() == 0
    assert len(mux.assets) == 1


def test_an_upload_that_mux_still_takes_is_not_forgotten(mux: MuxServer, make_training: MakeTraining) -> None:
    row = HostedVideo.objects.create(training_id=make_training("good").pk)
    row.upload_id = _waiting(mux)
    row.save()
    real = mux.respond

    def cannot_cancel(request: Request) -> Response:
        return fake.problem(400, "invalid", "Not now") if request.path.endswith("/cancel") else real(request)

    mux.respond = cannot_cancel  # type: ignore[method-assign]
    with pytest.raises(TemporaryError):
        MuxHost().discard(row)
    assert HostedVideo.objects.exists()
    mux.respond = real  # type: ignore[method-assign]
    mux._finish(mux.uploads[row.upload_id])
    MuxHost().discard(row)
    assert mux.assets == {}


def _waiting(mux: MuxServer) -> str:
    """Make an upload whose bytes are there and of which no asset came yet."""
    upload = fake.Upload("upload-9", {"playback_policies": ["public"], "passthrough": "x"})
    mux.uploads[upload.id] = upload
    return upload.id
