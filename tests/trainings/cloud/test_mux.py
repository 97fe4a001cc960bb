"""Publishing at Mux: one asset whatever happens, no worker held, tokens, webhooks, errors in plain words."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from jobs import queue
from jobs.models import BackgroundJob, JobQueue
from jobs.testing import run_due_jobs
from tests.fakes import mux as fake
from tests.fakes.mux import MuxServer
from tests.fakes.mux_playback import KEY_ID, new_key
from tests.fakes.server import Response
from tests.trainings.media.conftest import MakeTraining
from trainai.accounts.models import User
from trainings import removal, schedules, video_links
from trainings.models import HostedVideo, Service, Training, Video, WebhookEvent
from trainings.providers.mux_ import client, playback, sending

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(mux: MuxServer, make_training: MakeTraining) -> BackgroundJob:
    """A recording that is to be published."""
    training = make_training("good")
    return queue.enqueue("mux_upload", user=training.user, company=training.company, training=training)


def ran(job: BackgroundJob, *, ignore_backoff: bool = False) -> BackgroundJob:
    run_due_jobs(["mux_upload"], limit=1, ignore_backoff=ignore_backoff)
    job.refresh_from_db()
    return job


def error_of(job: BackgroundJob) -> dict[str, Any]:
    assert job.error_data
    return dict(job.error_data)


def test_the_bytes_arrive_whole_with_the_trainings_id(job: BackgroundJob, mux: MuxServer) -> None:
    assert ran(job).status == "completed", job.error_data
    (upload,) = mux.uploads.values()
    assert job.training
    assert bytes(upload.bytes) == job.training.upload.path.read_bytes()
    assert upload.settings["playback_policies"] == ["public"]
    assert upload.settings["passthrough"] == str(job.training.pk)
    video = Video.objects.get()
    assert video_links.stream_url(video) == f"https://stream.mux.com/{video.playback}.m3u8"


def test_no_worker_waits_while_mux_prepares(job: BackgroundJob, mux: MuxServer) -> None:
    mux.looks = 2
    for _ in range(2):
        assert ran(job, ignore_backoff=True).status == "pending"
        assert (error_of(job)["code"], job.retry_count) == ("video_preparing", 0)
    assert ran(job, ignore_backoff=True).status == "completed"
    assert len(mux.assets) == len(mux.uploads) == 1


def test_a_broken_sending_goes_on_where_it_stopped(
    job: BackgroundJob, mux: MuxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "CHUNK", 256 * 1024)
    assert job.training
    path = job.training.upload.path
    path.write_bytes(path.read_bytes() + b"\0" * 700_000)  # an MP4 may have any tail
    real = mux.respond
    chunks: list[str] = []

    def lose_the_third(request: Any) -> Response:
        if request.path.startswith("/put/") and request.body:
            chunks.append(request.headers["content-range"])
            if len(chunks) == 3:
                return Response(drop=True)
        return real(request)

    monkeypatch.setattr(mux, "respond", lose_the_third)
    assert ran(job).status == "pending"
    assert ran(job, ignore_backoff=True).status == "completed", job.error_data
    assert len(mux.uploads) == 1
    assert bytes(next(iter(mux.uploads.values())).bytes) == path.read_bytes()
    assert chunks[2] == chunks[3], "only what was lost is sent again"


def test_a_kill_between_any_two_calls_makes_no_second_asset(job: BackgroundJob, mux: MuxServer) -> None:
    real = mux.respond
    for dies_at in range(1, 8):
        count = 0

        def dying(request: Any, dies_at: int = dies_at) -> Response:
            nonlocal count
            count += 1
            answer = real(request)  # the service has done it, and nobody heard
            return Response(drop=True) if count == dies_at else answer

        mux.respond = dying  # type: ignore[method-assign]
        for _ in range(4):
            if ran(job, ignore_backoff=True).status == "completed":
                break
        assert job.status == "completed", (dies_at, job.error_data)
        assert len(mux.assets) == 1, dies_at
        mux.respond = real  # type: ignore[method-assign]
        HostedVideo.objects.all().delete()
        Video.objects.all().delete()
        mux.assets.clear()
        mux.uploads.clear()
        job = queue.enqueue("mux_upload", user=job.user, company=job.company, training=job.training)


def test_a_day_of_outage_before_the_asset_does_not_count_for_it(job: BackgroundJob, mux: MuxServer) -> None:
    mux.looks = 1
    real = mux.respond
    mux.respond = lambda request: (  # type: ignore[method-assign]
        fake.problem(503, "down", "Down") if request.path.startswith("/put/") else real(request)
    )
    for _ in range(4):
        assert ran(job, ignore_backoff=True).status == "pending"
        assert (error_of(job)["code"], job.retry_count) == ("service_down", 0)
    mux.respond = real  # type: ignore[method-assign]
    HostedVideo.objects.update(created_at=timezone.now() - datetime.timedelta(days=2))
    Service.objects.update(closed_until=None)
    assert ran(job, ignore_backoff=True).status == "pending"
    assert error_of(job)["code"] == "video_preparing"
    assert ran(job, ignore_backoff=True).status == "completed"


def test_a_video_that_is_never_ready_is_given_up_after_a_day(job: BackgroundJob, mux: MuxServer) -> None:
    mux.looks = 99
    assert ran(job).status == "pending"
    HostedVideo.objects.update(created_at=timezone.now() - datetime.timedelta(days=2))
    assert ran(job, ignore_backoff=True).status == "failed"
    assert error_of(job)["code"] == "video_never_ready"


def test_an_outage_of_hours_uses_up_no_attempt(job: BackgroundJob, mux: MuxServer) -> None:
    mux.faults.extend([fake.problem(500, "internal_error", "Oops")] * 6)
    while mux.faults:
        Service.objects.update(closed_until=timezone.now())
        assert ran(job, ignore_backoff=True).status == "pending"
        assert (error_of(job)["code"], job.retry_count) == ("service_down", 0)
    Service.objects.update(closed_until=timezone.now())
    assert ran(job, ignore_backoff=True).status == "completed"


def test_an_upload_address_that_ran_out_is_replaced(job: BackgroundJob, mux: MuxServer) -> None:
    assert job.training
    HostedVideo.objects.create(training_id=job.training.pk, upload_id="upload-of-yesterday")
    assert ran(job).status == "completed"
    assert len(mux.assets) == 1


def test_an_asset_that_somebody_deleted_is_made_anew(job: BackgroundJob, mux: MuxServer) -> None:
    assert job.training
    HostedVideo.objects.create(training_id=job.training.pk, upload_id="u", asset_id="asset-gone")
    assert ran(job).status == "completed"
    assert len(mux.assets) == 1


def test_a_video_that_mux_refuses_says_what_to_do(job: BackgroundJob, mux: MuxServer) -> None:
    mux.refuses = "The input file has no video"
    assert ran(job).status == "failed"
    assert error_of(job)["code"] == "video_refused"
    assert "no video" in error_of(job)["detail"]
    assert mux.assets == {}
    mux.refuses = ""
    queue.retry(job.pk)
    assert ran(job, ignore_backoff=True).status == "completed"


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (fake.problem(401, "unauthorized", "Unauthorized request"), "failed", "key_refused"),
        (fake.problem(403, "forbidden", "No right to Mux Video"), "failed", "key_refused"),
        (fake.problem(400, "invalid_parameters", "No"), "failed", "request_refused"),
        (Response(429, {"error": {}}, {"Retry-After": "40"}), "pending", "rate_limited"),
        (fake.problem(500, "internal_error", "Oops"), "pending", "service_down"),
        (Response(200, b"<html>hello</html>", {"Content-Type": "text/html"}), "pending", "service_down"),
        (Response(201, {"data": None}), "pending", "service_down"),
        (Response(201, {"data": []}), "pending", "service_down"),
        (Response(201, {"data": {}}), "pending", "service_down"),
        (Response(201, []), "pending", "service_down"),
        (Response(201, b"null"), "pending", "service_down"),
        (Response(201, b'{"data": '), "pending", "service_down"),
        (Response(drop=True), "pending", "service_down"),
    ],
)
def test_each_failure_is_a_clear_state(
    job: BackgroundJob, mux: MuxServer, fault: Response, status: str, code: str
) -> None:
    mux.faults.append(fault)
    assert ran(job).status == status
    assert error_of(job)["code"] == code
    assert fake.TOKEN_SECRET not in str(error_of(job))
    if code == "rate_limited":
        assert job.next_retry_at
        assert 30 < (job.next_retry_at - timezone.now()).total_seconds() <= 40


@pytest.mark.parametrize("upload", [{"id": 7, "url": 7}, {"id": "u", "url": "no address", "status": "waiting"}])
def test_an_upload_that_is_none_is_replaced(job: BackgroundJob, mux: MuxServer, upload: dict[str, Any]) -> None:
    mux.faults.append(Response(201, {"data": upload}))
    assert ran(job).status == "completed"
    assert len(mux.assets) == 1


def test_a_mux_that_hangs_is_given_up(job: BackgroundJob, mux: MuxServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "TIMEOUT", (1.0, 0.3))
    mux.faults.append(Response(hang=True))
    assert ran(job).status == "pending"
    assert error_of(job)["code"] == "service_down"


def test_deleting_a_training_deletes_its_asset_however_far_it_came(
    job: BackgroundJob, mux: MuxServer, alice: User
) -> None:
    mux.looks = 99
    ran(job)
    assert len(mux.assets) == 1
    training = Training.objects.get()
    removal.erase(training)
    assert mux.assets == {}
    assert not HostedVideo.objects.exists()


@pytest.fixture
def signing(settings: Settings) -> rsa.RSAPublicKey:
    """A signing key as Mux gives it."""
    public, private = new_key()
    settings.MUX_SIGNING_KEY, settings.MUX_PRIVATE_KEY = KEY_ID, private
    return public


def test_with_a_signing_key_a_video_plays_with_a_short_token_only(
    signing: rsa.RSAPublicKey, job: BackgroundJob, mux: MuxServer
) -> None:
    assert ran(job).status == "completed"
    assert next(iter(mux.uploads.values())).settings["playback_policies"] == ["signed"]
    video = Video.objects.get()
    _, _, token = video_links.stream_url(video).partition("?token=")
    assert jwt.get_unverified_header(token)["kid"] == KEY_ID
    claims = jwt.decode(token, signing, algorithms=["RS256"], audience="v")
    assert claims["sub"] == video.playback
    assert claims["exp"] - timezone.now().timestamp() == pytest.approx(video.duration + playback.SLACK, abs=60)


def post(body: bytes, header: str, client: Client | None = None) -> int:
    client = client or Client(enforce_csrf_checks=True)
    return client.post(
        "/webhooks/mux/", body, content_type="application/json", headers={"Mux-Signature": header}
    ).status_code


@pytest.fixture
def waiting(job: BackgroundJob, mux: MuxServer, settings: Settings) -> BackgroundJob:
    """A job whose asset Mux prepares, with webhooks."""
    settings.MUX_WEBHOOK_SECRET = fake.WEBHOOK_SECRET
    mux.looks = 1
    assert ran(job).status == "pending"
    assert job.next_retry_at
    assert (job.next_retry_at - timezone.now()).total_seconds() > 40
    return job


def test_an_event_makes_the_job_look_at_once(waiting: BackgroundJob, mux: MuxServer) -> None:
    (asset,) = mux.assets
    body = mux.event("video.asset.ready", {"id": asset, "status": "ready"})
    assert post(body, fake.signature(body)) == 200
    assert ran(waiting).status == "completed"


def test_events_out_of_order_repeated_or_unknown_do_no_harm(waiting: BackgroundJob, mux: MuxServer) -> None:
    (asset,) = mux.assets
    for name, kind, identity in [
        ("e3", "video.asset.ready", asset),
        ("e3", "video.asset.ready", asset),
        ("e1", "video.upload.created", "upload-1"),
        ("e2", "video.asset.created", asset),
        ("e4", "video.asset.ready", "asset-of-somebody-else"),
        ("e5", "video.asset.deleted", asset),
        ("e6", "nobody.knows", ""),
    ]:
        body = mux.event(kind, {"id": identity, "passthrough": str(uuid.uuid4())}, name=name)
        assert post(body, fake.signature(body)) == 200
    assert WebhookEvent.objects.count() == 6
    assert JobQueue.objects.count() == 1
    assert ran(waiting).status == "completed"
    assert len(mux.assets) == 1


def test_a_repeated_event_wakes_nobody(waiting: BackgroundJob, mux: MuxServer) -> None:
    (asset,) = mux.assets
    mux.assets[asset].looks = 5
    body = mux.event("video.asset.ready", {"id": asset})
    assert post(body, fake.signature(body)) == 200
    assert ran(waiting).status == "pending"
    due = JobQueue.objects.get().run_at
    assert post(body, fake.signature(body)) == 200
    assert JobQueue.objects.get().run_at == due


def test_old_events_are_forgotten(waiting: BackgroundJob, mux: MuxServer, media_root: Path) -> None:
    for name in ("old", "new"):
        body = mux.event("nobody.knows", {"id": "a"}, name=name)
        assert post(body, fake.signature(body)) == 200
    WebhookEvent.objects.filter(id="old").update(created_at=timezone.now() - datetime.timedelta(days=3))
    assert schedules.sweep()["events"] == 1
    assert WebhookEvent.objects.get().id == "new"


BODY = json.dumps({"type": "video.asset.ready", "id": "e", "data": {"id": "a"}}).encode()


FORGED: dict[str, Callable[[], str]] = {
    "none": lambda: "",
    "an empty one": lambda: "t=1,v1=",
    "nonsense": lambda: "nonsense",
    "no time": lambda: "v1=" + "0" * 64,
    "a time that is none": lambda: "t=now,v1=00",
    "by another secret": lambda: fake.signature(BODY, secret="another"),
    "of another body": lambda: fake.signature(b"another body"),
    "too old": lambda: fake.signature(BODY, age=310),
    "from the future": lambda: fake.signature(BODY, age=-400),
    "of another scheme": lambda: fake.signature(BODY).replace("v1=", "v0="),
    "two times": lambda: f"t=1,{fake.signature(BODY)}",
    "odd digits": lambda: "t=\u00b2,v1=\u00e4",
}


@pytest.mark.parametrize("header", FORGED.values(), ids=FORGED)
def test_a_forged_or_old_event_is_refused(waiting: BackgroundJob, header: Callable[[], str]) -> None:
    assert post(BODY, header()) == 401
    assert not WebhookEvent.objects.exists()
    assert run_due_jobs(["mux_upload"]) == []


UNSTORABLE = [
    b'{"id": "e\\u0000", "data": {}}',
    b'{"id": "\\ud800", "data": {}}',
    b'{"id": "e", "data": {"id": "\\u0000"}}',
]
UNSTORABLE += [b"[" * 100_000]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"7", b'{"id": "e"}', b'{"id": "e", "data": []}', b"\xff", *UNSTORABLE]
)
def test_a_signed_body_that_is_no_event_is_refused(waiting: BackgroundJob, body: bytes) -> None:
    assert post(body, fake.signature(body)) == 400


def test_without_a_secret_no_event_is_taken(settings: Settings) -> None:
    settings.MUX_WEBHOOK_SECRET = ""
    assert post(BODY, fake.signature(BODY, secret="")) == 503
    assert Client().get("/webhooks/mux/").status_code == 405


def test_no_secret_of_mux_is_ever_told(
    job: BackgroundJob, mux: MuxServer, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    settings.MUX_TOKEN_SECRET = "an-old-secret"
    ran(job)
    assert error_of(job)["code"] == "key_refused"
    assert "an-old-secret" not in f"{error_of(job)} {caplog.text}"
    assert "signature=secret" not in str(error_of(job))
