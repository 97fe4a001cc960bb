"""Trainings over HTTP: what each person may do, and what comes back."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from jobs import queue, registry
from jobs.context import Context
from jobs.models import BackgroundJob, JobAttempt
from jobs.testing import run_due_jobs
from tests.trainings.making import bare_training, ready_training, upload_of
from tests.trainings.tus_client import TusClient
from trainai.accounts.models import Membership, User
from trainings import pipeline, removal
from trainings.models import Training, Upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root", "idle_handlers")]
FILES = ("transcript.vtt", "transcript.srt", "transcript.json", "chapters.vtt", "sop.md")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(client: Client, data: dict[str, Any]) -> Any:
    return client.post("/api/trainings/", data, content_type="application/json")


def patch(client: Client, training: Training, data: dict[str, Any]) -> Any:
    return client.patch(f"/api/trainings/{training.id}/", data, content_type="application/json")


def error_code(answer: Any) -> str:
    code: str = answer.json()["error"]["code"]
    return code


# --- making --------------------------------------------------------------------------------------------------


def test_an_upload_becomes_one_training_however_often_it_is_asked_for(alice: User) -> None:
    upload = upload_of(alice)
    first = post(signed_in(alice), {"upload": str(upload.id), "title": "Refunds"})
    second = post(signed_in(alice), {"upload": str(upload.id)})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["training"] == second.json()["training"] == str(Training.objects.get().id)
    assert second.json()["title"] == "Refunds"
    assert BackgroundJob.objects.count() == 4


def test_an_upload_sent_twice_under_a_key_is_answered_alike(alice: User) -> None:
    page, upload, other = signed_in(alice), upload_of(alice), upload_of(alice)

    def send(upload: Upload) -> Any:
        data = {"upload": str(upload.id), "title": "Refunds"}
        return page.post("/api/trainings/", data, content_type="application/json", headers={"Idempotency-Key": "one"})

    first, again = send(upload), send(upload)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert send(other).status_code == 422
    assert Training.objects.count() == 1
    assert BackgroundJob.objects.count() == 4


def test_after_an_upload_by_tus_the_training_is_there_already_and_takes_the_title(alice: User) -> None:
    last = TusClient(alice).send(b"recording")
    answer = post(signed_in(alice), {"upload": str(Upload.objects.get().id), "title": "Refunds"})
    assert answer.status_code == 200
    assert answer.json()["training"] == last.headers["Upload-Training"]
    assert (answer.json()["title"], answer.json()["status"]) == ("Refunds", "processing")


def test_an_unfinished_upload_makes_no_training(alice: User) -> None:
    TusClient(alice).start(10)
    answer = post(signed_in(alice), {"upload": str(Upload.objects.get().id)})
    assert (answer.status_code, error_code(answer)) == (409, "upload_unfinished")


def test_the_upload_of_a_deleted_training_makes_none_and_shows_none(alice: User) -> None:
    training = bare_training(alice)
    upload = training.upload
    removal.remove(training, by=alice)
    assert post(signed_in(alice), {"upload": str(upload.id), "title": "Back again"}).status_code == 404
    removal.erase(training)
    with pytest.raises(pipeline.Removed):  # as a request that had read the upload before
        pipeline.finish(upload)
    assert not Training.objects.exists()


def test_in_a_company_where_one_only_watches_nothing_is_made_or_named(alice: User, charlie: User) -> None:
    assert charlie.company
    Membership.objects.create(user=alice, company=charlie.company, role=Membership.Role.VIEWER)
    theirs = bare_training(charlie, "Theirs")
    assert post(signed_in(alice), {"upload": str(theirs.upload_id), "title": "Mine"}).status_code == 403
    theirs.refresh_from_db()
    assert theirs.title == "Theirs"


def test_an_owner_of_a_second_company_deletes_there(alice: User, vera: User, charlie: User) -> None:
    assert charlie.company
    Membership.objects.create(user=vera, company=charlie.company, role=Membership.Role.OWNER)
    theirs = bare_training(charlie)
    assert signed_in(vera).delete(f"/api/trainings/{theirs.id}/").status_code == 204


def test_an_upload_that_is_not_there_or_not_ours_is_404(alice: User, charlie: User) -> None:
    foreign = upload_of(charlie)
    assert post(signed_in(alice), {"upload": str(uuid.uuid4())}).status_code == 404
    assert post(signed_in(alice), {"upload": str(foreign.id)}).status_code == 404
    assert not Training.objects.exists()


@pytest.mark.parametrize("data", [{}, {"upload": "x"}, {"upload": None}, {"upload": str(uuid.uuid4()), "title": ""}])
def test_a_wrong_request_names_its_fields(alice: User, data: dict[str, Any]) -> None:
    answer = post(signed_in(alice), data)
    assert answer.status_code == 400
    assert set(answer.json()["error"]["fields"]) <= {"upload", "title"}


# --- reading -------------------------------------------------------------------------------------------------


def test_a_training_tells_everything_made_from_it(alice: User) -> None:
    training = ready_training(alice)
    data = signed_in(alice).get(f"/api/trainings/{training.id}/").json()
    assert data["training"] == str(training.id)
    assert data["url"].endswith(f"/trainings/{training.id}/")
    assert (data["status"], data["language"]) == ("ready", "en")
    assert data["transcript"] == [{"start": 1.0, "end": 5.0, "text": "Open the till menu. Then press <refund> & wait."}]
    assert data["chapters"] == [{"title": "The till", "start": 1.0, "end": 5.0, "evidence": [0]}]
    step = data["steps"][0]
    assert (step["title"], step["start"], step["end"], step["evidence"]) == ("Open the till menu", 1.0, 5.0, [0])
    assert step["picture"] == f"/media/{training.id}/-/steps/1.webp"
    assert data["key_points"][0]["text"] == "Wait for the receipt."
    assert data["video"]["host"] == "hls"
    assert data["video"]["playback"] == f"/media/{training.id}/-/video/master.m3u8"
    assert [job["job_type"] for job in data["jobs"]] == [
        "transcription",
        "mux_upload",
        "sop_generation",
        "step_pictures",
    ]
    assert data["jobs"][0]["seconds"] == 2.5


def test_a_training_that_has_nothing_yet_says_so_with_empty_parts(alice: User) -> None:
    training = bare_training(alice)
    data = signed_in(alice).get(f"/api/trainings/{training.id}/").json()
    assert (data["transcript"], data["chapters"], data["steps"], data["key_points"]) == ([], [], [], [])
    assert (data["video"], data["duration"], data["language"]) == (None, None, None)
    for file in FILES:
        answer = signed_in(alice).get(f"/api/trainings/{training.id}/{file}")
        assert (answer.status_code, error_code(answer)) == (404, "not_ready")


@pytest.mark.parametrize(
    ("file", "content_type", "begin"),
    [
        ("transcript.vtt", "text/vtt; charset=utf-8", "WEBVTT"),
        ("transcript.srt", "application/x-subrip; charset=utf-8", "1\n00:00:01,000 --> "),
        ("transcript.json", "application/json; charset=utf-8", "{"),
        ("chapters.vtt", "text/vtt; charset=utf-8", "WEBVTT\n\n1\n00:00:01.000 --> 00:00:05.000\nThe till"),
        ("sop.md", "text/markdown; charset=utf-8", "# Refund an order"),
    ],
)
def test_a_training_can_be_taken_along_as_files(alice: User, file: str, content_type: str, begin: str) -> None:
    training = ready_training(alice)
    for slash in ("", "/"):
        answer = signed_in(alice).get(f"/api/trainings/{training.id}/{file}{slash}", headers={"Accept": "text/nothing"})
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == content_type
        assert answer.content.decode().startswith(begin)


def test_the_words_are_in_the_json_transcript(alice: User) -> None:
    training = ready_training(alice)
    data = signed_in(alice).get(f"/api/trainings/{training.id}/transcript.json").json()
    assert data["language"] == "en"
    assert data["segments"][0]["words"][0]["text"].strip() == "Open"


def test_the_list_shows_the_companys_trainings_newest_first_page_by_page(alice: User, bob: User) -> None:
    made = [bare_training(alice, f"Number {number}") for number in range(5)]
    first = signed_in(bob).get("/api/trainings/?page_size=3").json()
    assert [row["title"] for row in first["results"]] == ["Number 4", "Number 3", "Number 2"]
    second = signed_in(bob).get(first["next"]).json()
    assert [row["training"] for row in second["results"]] == [str(made[1].id), str(made[0].id)]
    assert second["next"] is None


def test_the_list_needs_as_many_queries_for_one_as_for_many(alice: User, django_assert_max_num_queries: Any) -> None:
    for _ in range(6):
        ready_training(alice)
    browser = signed_in(alice)
    with django_assert_max_num_queries(5):
        assert len(browser.get("/api/trainings").json()["results"]) == 6


# --- changing ------------------------------------------------------------------------------------------------


def test_a_person_may_rename_and_no_suggestion_takes_it_back(alice: User) -> None:
    training = bare_training(alice)
    assert patch(signed_in(alice), training, {"title": "  Give money back  "}).json()["title"] == "Give money back"
    training.refresh_from_db()
    assert training.title_is_suggested is False
    for wrong in ({}, {"title": ""}, {"title": "x" * 201}, {"title": "a\x00b"}):
        assert patch(signed_in(alice), training, wrong).status_code == 400


def test_a_deleted_training_is_gone_at_once_and_its_files_soon_after(alice: User, media_root: Path) -> None:
    training = ready_training(alice)
    picture = media_root / training.folder / "steps/1.webp"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"picture")
    browser = signed_in(alice)
    assert browser.delete(f"/api/trainings/{training.id}/").status_code == 204
    assert browser.get(f"/api/trainings/{training.id}/").status_code == 404
    assert browser.get("/api/trainings/").json()["results"] == []
    assert browser.delete(f"/api/trainings/{training.id}/").status_code == 404

    run_due_jobs(["training_removal"])
    assert not Training.objects.exists()
    assert [path for path in media_root.rglob("*") if path.is_file()] == []
    assert TusClient(alice).head(f"/api/uploads/{training.upload_id}/").status_code == 410


def test_deleting_cancels_what_still_waits(alice: User) -> None:
    TusClient(alice).send(b"recording")
    removal.remove(Training.objects.get(), by=alice)
    statuses = set(BackgroundJob.objects.exclude(job_type="training_removal").values_list("status", flat=True))
    assert statuses == {"cancelled"}
    run_due_jobs()
    assert not Training.objects.exists()


def test_files_written_by_a_job_that_still_runs_are_gone_in_the_end(
    alice: User, media_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = bare_training(alice)
    late = media_root / training.folder / "video/late.m4s"

    def deleted_while_it_runs(context: Context) -> dict[str, Any]:
        removal.remove(training, by=alice)
        run_due_jobs(["training_removal"])
        assert Training.objects.exists(), "it was erased while this job could still write"
        late.parent.mkdir(parents=True)
        late.write_bytes(b"late")
        return {}

    monkeypatch.setitem(registry._handlers, "mux_upload", registry.Handler("mux_upload", deleted_while_it_runs, ""))
    queue.enqueue("mux_upload", user=alice, company=training.company, training=training)
    run_due_jobs(["mux_upload"])
    assert late.exists()

    JobAttempt.objects.update(ended_at=timezone.now() - removal.WINDING_DOWN)
    run_due_jobs(["training_removal"], ignore_backoff=True)
    assert not Training.objects.exists()
    assert [path for path in media_root.rglob("*") if path.is_file()] == []


def test_a_job_retried_on_a_deleted_training_is_cancelled_again(alice: User) -> None:
    training = bare_training(alice)
    job = queue.enqueue("mux_upload", user=alice, company=training.company, training=training)
    removal.remove(training, by=alice)
    queue.retry(job.id, by=alice)
    run_due_jobs(["training_removal"])
    assert not BackgroundJob.objects.exclude(job_type="training_removal").exists()


# --- who may -------------------------------------------------------------------------------------------------


def test_a_stranger_finds_nothing_by_any_route(alice: User, charlie: User) -> None:
    training = ready_training(alice)
    stranger = signed_in(charlie)
    assert stranger.get("/api/trainings/").json()["results"] == []
    answers = [
        stranger.get(f"/api/trainings/{training.id}/"),
        patch(stranger, training, {"title": "Mine"}),
        stranger.delete(f"/api/trainings/{training.id}/"),
        post(stranger, {"upload": str(training.upload_id)}),
        *(stranger.get(f"/api/trainings/{training.id}/{file}") for file in FILES),
    ]
    assert {answer.status_code for answer in answers} == {404}
    training.refresh_from_db()
    assert (training.title, training.deleted_at) == ("Refund an order", None)


def test_a_colleague_may_do_everything(alice: User, bob: User) -> None:
    training = ready_training(alice)
    colleague = signed_in(bob)
    assert colleague.get(f"/api/trainings/{training.id}").status_code == 200
    assert patch(colleague, training, {"title": "Ours"}).status_code == 200
    assert colleague.delete(f"/api/trainings/{training.id}").status_code == 204


def test_a_viewer_may_read_and_nothing_else(alice: User, bob: User) -> None:
    training = ready_training(alice)
    Membership.objects.filter(user=bob).update(role=Membership.Role.VIEWER)
    viewer = signed_in(bob)
    assert viewer.get(f"/api/trainings/{training.id}/").status_code == 200
    assert viewer.get(f"/api/trainings/{training.id}/sop.md").status_code == 200
    refused = [
        patch(viewer, training, {"title": "Mine"}),
        viewer.delete(f"/api/trainings/{training.id}/"),
        post(viewer, {"upload": str(training.upload_id)}),
    ]
    assert [(answer.status_code, error_code(answer)) for answer in refused] == [(403, "permission_denied")] * 3


def test_the_technical_detail_of_a_failure_is_for_those_who_run_the_installation(alice: User) -> None:
    training = bare_training(alice)
    why = {"code": "odd", "message": "Odd.", "detail": "Traceback with a path", "retryable": False, "attempt": 1}
    assert alice.company
    job = queue.enqueue("transcription", user=alice, company=alice.company, training=training)
    BackgroundJob.objects.filter(pk=job.pk).update(status="failed", completed_at=timezone.now(), error_data=why)
    address = f"/api/trainings/{training.id}/"
    assert "Traceback" not in signed_in(alice).get(address).content.decode()
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    assert "Traceback" in signed_in(alice).get(address).content.decode()


def test_nobody_reads_without_signing_in(alice: User) -> None:
    training = ready_training(alice)
    for path in ("", f"{training.id}/", *(f"{training.id}/{file}" for file in FILES)):
        assert Client().get(f"/api/trainings/{path}").status_code == 401


def test_the_openapi_schema_is_clean(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn")
    assert "/api/trainings/{id}/transcript.vtt" in capsys.readouterr().out
