"""A person says which language is spoken: where it is told, where it is kept, and what is heard anew for it."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from faster_whisper.tokenizer import _LANGUAGE_CODES

from jobs import registry
from jobs.context import Context
from jobs.errors import PermanentError
from jobs.models import BackgroundJob
from jobs.testing import run_due_jobs
from tests.trainings.making import bare_training, ready_training, upload_of
from tests.trainings.tus_client import TusClient
from trainai.accounts.models import Company, User
from trainings import creation, languages, listening_anew, pipeline
from trainings.models import Segment, Sop, Training, Transcript, Upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root", "idle_handlers")]
OFFERED = 'href="#listening"'


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(client: Client, data: dict[str, Any]) -> Any:
    return client.post("/api/trainings/", data, content_type="application/json")


def metadata(**pairs: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())


def heard(training: Training, language: str, *said: str) -> Transcript:
    """Let it be heard in a language."""
    transcript = Transcript.objects.create(training=training, language=language, completed_at=timezone.now())
    for position, text in enumerate(said):
        Segment.objects.create(transcript=transcript, position=position, start=position, end=position + 1, text=text)
    return transcript


def states(training: Training) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for job in training.jobs.order_by("created_at", "id"):
        found.setdefault(job.job_type, []).append(job.status)
    return found


# --- the languages -------------------------------------------------------------------------------------------


def test_the_languages_are_those_that_the_shipped_model_knows() -> None:
    assert set(languages.KNOWN) == set(_LANGUAGE_CODES) - {"yue"}  # which the largest model alone knows


@pytest.mark.parametrize("reader", ["en", "de"])
def test_each_has_a_name_and_they_stand_in_the_order_of_the_reader(reader: str) -> None:
    with translation.override(reader):
        choices = languages.choices()
    names = dict(choices)
    assert len(set(names.values())) == len(languages.KNOWN)
    assert not set(names.values()) & set(languages.KNOWN)
    assert names["de"] == {"en": "German", "de": "Deutsch"}[reader]
    assert [code for code, _ in choices].index("zh") < [code for code, _ in choices].index(
        "cs" if reader == "en" else "da"
    )
    assert [code for code, _ in choices].index("am") < [code for code, _ in choices].index(
        "hy" if reader == "de" else "ar"
    )


# --- telling it ----------------------------------------------------------------------------------------------


def test_an_upload_that_names_its_language_makes_a_training_of_that_language(alice: User) -> None:
    tus = TusClient(alice)
    tus.patch(tus.start(9, upload_metadata=metadata(filename="a.mp4", language="de")), b"recording", 0)
    training = Training.objects.get()
    assert training.spoken_language == "de"
    told = signed_in(alice).get(f"/api/trainings/{training.id}/").json()
    assert (told["language"], told["language_chosen"]) == ("de", True)


@pytest.mark.parametrize("pairs", [{}, {"language": ""}])
def test_without_one_it_is_found(alice: User, pairs: dict[str, str]) -> None:
    tus = TusClient(alice)
    tus.patch(tus.start(9, upload_metadata=metadata(filename="a.mp4", **pairs)), b"recording", 0)
    training = Training.objects.get()
    assert training.spoken_language == ""
    heard(training, "es")
    told = signed_in(alice).get(f"/api/trainings/{training.id}/").json()
    assert (told["language"], told["language_chosen"]) == ("es", False)


def test_a_recording_has_its_language_from_the_first_second(alice: User) -> None:
    pairs = metadata(filename="a.webm", source="screen", language="nl")
    TusClient(alice).start(None, upload_metadata=pairs)
    assert Training.objects.get().spoken_language == "nl"


@pytest.mark.parametrize("code", ["xx", "German", "DE", "de-AT", "yue"])
def test_a_code_that_nobody_knows_is_refused_and_leaves_nothing(alice: User, code: str) -> None:
    answer = TusClient(alice).create(9, upload_metadata=metadata(filename="a.mp4", language=code))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unknown_language")
    assert f"“{code}” is no language known here." in answer.json()["error"]["message"]
    assert not Upload.objects.exists()

    answer = post(signed_in(alice), {"upload": str(upload_of(alice).id), "language": code})
    assert answer.status_code == 400
    assert f"“{code}” is no language known here." in answer.json()["error"]["fields"]["language"][0]
    assert not Training.objects.exists()


def test_the_api_names_it_when_it_makes_the_training(alice: User) -> None:
    answer = post(signed_in(alice), {"upload": str(upload_of(alice).id), "language": "de"})
    assert answer.status_code == 201
    assert (answer.json()["language"], answer.json()["language_chosen"]) == ("de", True)
    assert BackgroundJob.objects.count() == 4


def test_the_api_names_it_after_the_last_byte_made_the_training(alice: User) -> None:
    TusClient(alice).send(b"recording")
    training = Training.objects.get()
    for _ in range(2):
        answer = post(signed_in(alice), {"upload": str(training.upload_id), "language": "de"})
        assert (answer.status_code, answer.json()["language"]) == (200, "de")
    assert states(training) == {
        "transcription": ["pending"],
        "mux_upload": ["pending"],
        "sop_generation": ["pending"],
        "step_pictures": ["pending"],
    }


def test_the_command_names_it(alice: User, company: Company, tmp_path: Path) -> None:
    recording = tmp_path / "refund.mp4"
    recording.write_bytes(b"recording")
    assert creation.from_file(recording, company=company, language="de").spoken_language == "de"
    with pytest.raises(creation.CannotCreate) as refused:
        creation.from_file(recording, company=company, language="xx")
    assert refused.value.code == "unknown_language"
    assert Training.objects.count() == 1


def test_the_page_offers_what_this_person_chose_last(alice: User, bob: User) -> None:
    post(signed_in(alice), {"upload": str(upload_of(alice).id), "language": "de"})
    assert '<option value="de" selected>German</option>' in signed_in(alice).get("/trainings/new/").content.decode()
    assert "selected" not in signed_in(bob).get("/trainings/new/").content.decode()


# --- hearing it anew -----------------------------------------------------------------------------------------


def test_what_failed_for_a_wrong_language_is_made_anew_in_the_right_one(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(context: Context) -> dict[str, Any]:
        raise PermanentError("language_not_supported", "This recording is in Welsh.")

    known = registry._handlers["sop_generation"]
    failing = registry.Handler("sop_generation", refuse, "", instead={"language_not_supported": "Record again"})
    monkeypatch.setitem(registry._handlers, "sop_generation", failing)
    training = pipeline.finish(upload_of(alice))
    run_due_jobs()
    heard(training, "cy", "Open the till.")
    page = signed_in(alice)
    address = f"/trainings/{training.id}/"
    assert page.get(address).content.decode().count(OFFERED) == 2  # where it failed, and beside the words
    assert states(training)["step_pictures"] == ["failed"]

    page.post(f"{address}listening/", {"language": "en"})
    monkeypatch.setitem(registry._handlers, "sop_generation", known)
    assert not Transcript.objects.exists()
    training.refresh_from_db()
    assert training.status == "processing"
    run_due_jobs()
    assert states(training) == {
        "transcription": ["completed", "completed"],
        "mux_upload": ["completed"],
        "sop_generation": ["completed"],
        "step_pictures": ["completed"],
    }


def test_a_ready_training_is_heard_anew_part_after_part(alice: User) -> None:
    training = ready_training(alice)
    Training.objects.filter(pk=training.pk).update(told="ready")
    assert listening_anew.in_language(training, "de", by=alice)
    assert not Sop.objects.exists()
    newest = training.jobs.filter(status="pending").order_by("created_at", "id")
    assert [(job.job_type, job.depends_on and job.depends_on.job_type) for job in newest] == [
        ("transcription", None),
        ("sop_generation", "transcription"),
        ("step_pictures", "sop_generation"),
    ]
    run_due_jobs()
    training.refresh_from_db()
    assert (training.status, training.spoken_language, training.told) == ("ready", "de", "")  # told of once more
    assert states(training)["mux_upload"] == ["completed"]


def test_one_that_is_being_heard_stops_and_begins_in_the_right_language(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = pipeline.finish(upload_of(alice))
    stored: list[str] = []

    def chosen_meanwhile(context: Context) -> dict[str, Any]:
        known = Training.objects.get(pk=training.pk)
        if not known.spoken_language:
            heard(known, "cy", "Agor y til.")
            listening_anew.in_language(known, "en", by=alice)
        with context.owned():
            stored.append(known.spoken_language)
        return {}

    handler = registry.Handler("transcription", chosen_meanwhile, "")
    monkeypatch.setitem(registry._handlers, "transcription", handler)
    run_due_jobs()
    assert stored == []
    assert not Segment.objects.exists()
    run_due_jobs(ignore_backoff=True)
    assert stored == ["en"]
    assert {job.status for job in training.jobs.all()} == {"completed"}


def test_what_was_heard_in_that_language_already_stays(alice: User) -> None:
    training = ready_training(alice)
    page = signed_in(alice)
    assert "Heard in English, as found in what is said." in page.get(f"/trainings/{training.id}/").content.decode()
    shown = page.post(f"/trainings/{training.id}/listening/", {"language": "en"}, follow=True).content.decode()
    assert "It was heard in this language already" in shown
    assert "Heard in English, as chosen." in shown
    assert (Segment.objects.count(), training.jobs.count()) == (1, 4)


def test_a_choice_can_be_taken_back(alice: User) -> None:
    training = ready_training(alice)
    listening_anew.in_language(training, "de", by=alice)
    run_due_jobs()
    assert listening_anew.in_language(training, "", by=alice)
    assert states(training)["transcription"] == ["completed", "completed", "pending"]


def test_a_retry_keeps_what_was_chosen(alice: User) -> None:
    training = pipeline.finish(upload_of(alice))
    listening_anew.in_language(training, "de", by=alice)
    page = signed_in(alice)
    page.post(f"/trainings/{training.id}/cancellation/")
    page.post(f"/trainings/{training.id}/continuation/")
    training.refresh_from_db()
    assert (training.spoken_language, training.status) == ("de", "processing")


def test_a_language_nobody_knows_changes_nothing_on_the_page(alice: User) -> None:
    training = ready_training(alice)
    shown = signed_in(alice).post(f"/trainings/{training.id}/listening/", {"language": "xx"}, follow=True)
    assert "“xx” is no language known here." in shown.content.decode()
    assert (Segment.objects.count(), training.jobs.count()) == (1, 4)


def test_others_may_not(alice: User, vera: User, charlie: User) -> None:
    training = ready_training(alice)
    address = f"/trainings/{training.id}/listening/"
    assert signed_in(charlie).post(address, {"language": "de"}).status_code == 404
    assert signed_in(vera).post(address, {"language": "de"}).status_code == 403
    assert OFFERED not in signed_in(vera).get(f"/trainings/{training.id}/").content.decode()
    assert Segment.objects.exists()


def test_a_part_that_failed_for_something_else_offers_no_language(alice: User) -> None:
    training = bare_training(alice)
    pipeline.enqueue_jobs(training)
    why = {"code": "no_audio_track", "message": "This recording has no sound."}
    training.jobs.filter(job_type="transcription").update(
        status="failed", error_data=why, completed_at="2026-01-01T00:00Z"
    )
    assert OFFERED not in signed_in(alice).get(f"/trainings/{training.id}/").content.decode()
