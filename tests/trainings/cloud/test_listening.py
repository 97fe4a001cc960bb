"""Listening by OpenAI through the job: what is sent, what is paid, and what a failure leaves."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from jobs import queue
from jobs.errors import WaitUntil
from jobs.models import BackgroundJob
from jobs.testing import run_due_jobs
from tests.fakes import openai_ as fake
from tests.fakes.openai_ import Heard, OpenAIServer
from tests.fakes.server import Request, Response
from tests.trainings.cloud.conftest import one_word
from tests.trainings.making import bare_training
from trainai.accounts.models import User
from trainings import heard, listening_anew
from trainings.models import CompanyTerms, ProviderCall, Segment, Service, StoredCall, Training, Transcript
from trainings.paid import breaker
from trainings.providers.openai_ import allowance, asking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]


@pytest.fixture
def listen(alice: User, four_pieces: None) -> Callable[[], BackgroundJob]:
    """Put a listening into the queue."""

    def start() -> BackgroundJob:
        training = bare_training(alice)
        return queue.enqueue("transcription", user=alice, company=training.company, training=training)

    return start


def texts() -> list[str]:
    return list(Segment.objects.order_by("position").values_list("text", flat=True))


def ran(job: BackgroundJob, *, ignore_backoff: bool = False) -> BackgroundJob:
    run_due_jobs(limit=1, ignore_backoff=ignore_backoff)
    job.refresh_from_db()
    return job


def code_of(job: BackgroundJob) -> str:
    assert job.error_data
    return str(job.error_data["code"])


def test_every_piece_is_heard_once_and_booked(listen: Callable[[], BackgroundJob], openai: OpenAIServer) -> None:
    both = threading.Barrier(2, timeout=30)

    def second_and_third_together(content: bytes) -> Heard:
        if 2 <= len(openai.requests) <= 3:
            both.wait()
        return one_word(content)

    openai.ear = second_and_third_together
    job = ran(listen())
    assert job.status == "completed", job.error_data
    calls = ProviderCall.objects.filter(state="paid")
    pieces = len(openai.requests)
    assert pieces >= 3
    assert len(texts()) == calls.count() == StoredCall.objects.count() == pieces
    assert openai.most_at_once == 2
    assert job.output_data
    assert job.output_data["cost_usd"] == pytest.approx(float(sum(call.price for call in calls)))
    seconds = sum(call.seconds for call in calls)
    assert sum(call.price for call in calls) == pytest.approx(
        Decimal(seconds) * Decimal("0.006") / 60, abs=Decimal("0.001")
    )
    assert all(call.job_id == job.pk and call.company_id == job.company_id and call.request_id for call in calls)
    assert Transcript.objects.get().model == "openai whisper-1"


GERMAN = ("Öffne das Menü.", "Klicke auf Speichern.", "Warte auf die Quittung.", "Gib sie dem Kunden.")
ENGLISH = ("Open the till menu.", "Press refund and wait.", "Take the receipt.", "Give it to the customer.")


@pytest.mark.parametrize("model", ["gpt-4o-transcribe", "gpt-4o-mini-transcribe", "gpt-4o-transcribe-diarize"])
@pytest.mark.parametrize(("said", "language"), [(GERMAN, "de"), (ENGLISH, "en"), (("Okay.",) * 4, "")])
def test_the_language_is_found_in_the_text_where_the_model_names_none(
    listen: Callable[[], BackgroundJob],
    openai: OpenAIServer,
    settings: Settings,
    model: str,
    said: tuple[str, ...],
    language: str,
) -> None:
    left = iter(said)

    def ear(content: bytes) -> Heard:
        text = next(left)
        words = [(word, place / 5, place / 5 + 0.1) for place, word in enumerate(text.split())]
        return Heard(text, words, one_word(content).seconds)

    settings.OPENAI_TRANSCRIPTION_MODEL, settings.OPENAI_PARALLEL = model, 1
    openai.ear = ear
    job = ran(listen())
    assert job.status == "completed", job.error_data
    assert Transcript.objects.get().language == language
    assert job.output_data
    assert job.output_data["language"] == language
    if language == "de":
        writing = queue.enqueue("sop_generation", user=job.user, company=job.company, training=job.training)
        settings.SOP_WRITER = "extractive"
        assert code_of(ran(writing)) == "language_not_supported"


def test_only_speech_is_sent_small_and_with_the_companys_words(
    listen: Callable[[], BackgroundJob], openai: OpenAIServer, narration: Path, alice: User
) -> None:
    assert alice.company
    CompanyTerms.objects.create(company=alice.company, words="Zendo, Kaffa\nPOS terminal")
    ran(listen())
    first, *rest = openai.forms
    assert first["prompt"] == ["Names and terms: Zendo, Kaffa, POS terminal."]
    assert first["response_format"] == ["verbose_json"]
    assert "language" not in first
    assert all(form["language"] == ["en"] for form in rest)
    assert sum(len(request.body) for request in openai.requests) < narration.stat().st_size / 4


def test_a_chosen_language_is_named_with_every_piece_and_is_another_question(
    listen: Callable[[], BackgroundJob], openai: OpenAIServer, alice: User
) -> None:
    job = ran(listen())
    found = len(openai.requests)
    assert job.training
    listening_anew.in_language(job.training, "de", by=alice)
    again = ran(BackgroundJob.objects.get(status="pending"))
    assert again.status == "completed", again.error_data
    forms = openai.forms[found:]
    assert [form["language"] for form in forms] == [["de"]] * found
    assert Transcript.objects.get().language == "de"
    assert again.output_data
    assert again.output_data["language_chosen"]

    Transcript.objects.all().delete()
    assert ran(listen_to(again)).status == "completed"
    assert len(openai.requests) == 2 * found, "what was heard in this language is not paid again"


def listen_to(job: BackgroundJob) -> BackgroundJob:
    """Put another listening to the same training into the queue."""
    return queue.enqueue("transcription", user=job.user, company=job.company, training=job.training)


def test_a_kill_in_the_middle_pays_nothing_twice(
    listen: Callable[[], BackgroundJob], openai: OpenAIServer, settings: Settings
) -> None:
    settings.OPENAI_PARALLEL = 1
    job = listen()
    answer = openai.ear

    def fail_at_third(content: bytes) -> Heard:
        if len(openai.requests) == 3:
            openai.faults.extend([fake.OVERLOADED] * 3)
        return answer(content)

    openai.ear = fail_at_third
    assert ran(job).status == "pending"
    paid_before = ProviderCall.objects.filter(state="paid").count()
    assert paid_before == 3

    Transcript.objects.all().delete()  # even all that was stored of it
    Service.objects.update(closed_until=timezone.now())
    assert ran(job, ignore_backoff=True).status == "completed"
    assert ProviderCall.objects.filter(state="paid").count() == StoredCall.objects.count() == len(texts())
    assert texts() == sorted(set(texts()), key=texts().index)


def test_a_cancel_leaves_no_call_behind_it(
    listen: Callable[[], BackgroundJob], openai: OpenAIServer, settings: Settings
) -> None:
    settings.OPENAI_PARALLEL = 1
    job = listen()
    cancelling = threading.Event()

    def cancelled_meanwhile(content: bytes) -> Heard:
        cancelling.set()
        return one_word(content)

    openai.ear = cancelled_meanwhile
    real = heard.store

    def cancel(*arguments: object) -> None:
        queue.cancel(job.pk)
        real(*arguments)  # type: ignore[arg-type]

    pytest.MonkeyPatch().setattr(heard, "store", cancel)
    try:
        assert ran(job).status == "cancelled"
    finally:
        heard.store = real
    sent = len(openai.requests)
    assert sent <= 2
    assert ProviderCall.objects.filter(state="paid").count() == StoredCall.objects.count()


@pytest.mark.parametrize("header", [{"retry_after": "90"}, {"retry_after_ms": "90000"}, {}])
def test_too_many_requests_wait_without_a_worker_and_without_an_attempt(
    listen: Callable[[], BackgroundJob], openai: OpenAIServer, header: dict[str, str]
) -> None:
    openai.faults.append(fake.too_many(**header))
    job = ran(listen())
    assert (job.status, code_of(job), job.retry_count) == ("pending", "rate_limited", 0)
    assert job.next_retry_at
    wait = job.next_retry_at - timezone.now()
    assert wait == pytest.approx(datetime.timedelta(seconds=90 if header else 20), abs=datetime.timedelta(seconds=6))
    sent = len(openai.requests)
    other = ran(listen())
    assert (other.status, code_of(other)) == ("pending", "rate_limited")
    assert len(openai.requests) == sent, "nobody else calls meanwhile"


def test_a_retry_after_in_days_and_as_a_date_is_understood(
    listen: Callable[[], BackgroundJob], openai: OpenAIServer
) -> None:
    openai.faults.append(fake.too_many(retry_after="Wed, 21 Oct 2199 07:28:00 GMT"))
    job = ran(listen())
    assert job.next_retry_at
    assert job.next_retry_at - timezone.now() == pytest.approx(
        datetime.timedelta(days=1), abs=datetime.timedelta(seconds=10)
    )


def test_an_outage_of_hours_ends_by_itself(
    listen: Callable[[], BackgroundJob], openai: OpenAIServer, settings: Settings
) -> None:
    settings.OPENAI_PARALLEL = 1
    openai.faults.extend([fake.OVERLOADED] * 12)
    job = listen()
    while openai.faults:
        Service.objects.update(closed_until=timezone.now())
        assert ran(job, ignore_backoff=True).status == "pending"
    assert job.retry_count == 0
    assert len(openai.requests) == 12, "each failure is one call"
    Service.objects.update(closed_until=timezone.now())
    assert ran(job, ignore_backoff=True).status == "completed"
    assert Service.objects.get().failures == 0


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (fake.USED_UP, "quota_used_up"),
        (fake.error(401, "Incorrect API key provided", "invalid_request_error", "invalid_api_key"), "key_refused"),
        (fake.error(403, "Country not supported", "invalid_request_error", "unsupported_country"), "key_refused"),
        (fake.error(404, "The model does not exist", "invalid_request_error", "model_not_found"), "model_not_found"),
        (fake.error(400, "Unsupported value", "invalid_request_error", "unsupported_value"), "request_refused"),
    ],
)
def test_what_cannot_get_better_fails_at_once_and_costs_nothing(
    listen: Callable[[], BackgroundJob], openai: OpenAIServer, fault: Response, code: str
) -> None:
    openai.faults.append(fault)
    job = ran(listen())
    assert (job.status, code_of(job), job.retry_count) == ("failed", code, 0)
    assert ProviderCall.objects.get().price == 0
    assert job.error_data
    assert "retry" in job.error_data["message"] or "details" in job.error_data["message"]


WRONG = {
    "a page": fake.HTML,
    "no JSON": Response(body=b"{"),
    "nothing": Response(body=b""),
    "a list": Response(body=[]),
    "a string": Response(body="hello"),
    "null": Response(body=b"null"),
    "no text": Response(body={}),
    "text that is none": Response(body={"text": 7}),
    "words that are none": Response(body={"text": "a", "words": "a"}),
    "a word that is none": Response(body={"text": "a", "words": ["a"]}),
    "a time that is none": Response(body={"text": "a", "words": [{"word": "a", "start": "now", "end": 1}]}),
    "a time before the start": Response(body={"text": "a", "words": [{"word": "a", "start": -1, "end": 1}]}),
    "a time of infinity": Response(body=b'{"text": "a", "words": [{"word": "a", "start": Infinity, "end": 1}]}'),
    "segments that are none": Response(body={"text": "a", "segments": {"a": 1}}),
    "cut off": Response(body={"text": "a" * 1000}, cut=True),
    "hung up": Response(drop=True),
}


@pytest.mark.parametrize("fault", WRONG.values(), ids=WRONG)
def test_a_strange_answer_is_tried_again_and_stores_nothing(
    listen: Callable[[], BackgroundJob], openai: OpenAIServer, fault: Response
) -> None:
    openai.faults.append(fault)
    job = ran(listen())
    assert (job.status, job.retry_count) == ("completed", 0)
    assert ProviderCall.objects.filter(state="failed").get().error in {"strange_answer", "service_down"}
    assert StoredCall.objects.count() == ProviderCall.objects.filter(state="paid").count() == len(texts()) == 4


def test_a_piece_that_never_makes_sense_to_the_service_fails_at_last(
    listen: Callable[[], BackgroundJob], openai: OpenAIServer
) -> None:
    openai.respond = lambda request: Response(body={})  # type: ignore[method-assign]
    job = listen()
    for _ in range(job.max_retries + 1):
        Service.objects.update(closed_until=timezone.now())
        job = ran(job, ignore_backoff=True)
    assert (job.status, code_of(job)) == ("failed", "strange_answer")


def test_a_service_that_hangs_is_given_up(
    listen: Callable[[], BackgroundJob], openai: OpenAIServer, settings: Settings
) -> None:
    settings.OPENAI_TIMEOUT = 1
    openai.faults.append(Response(hang=True))
    assert ran(listen()).status == "completed"
    assert ProviderCall.objects.get(error="service_silent").price > 0, "it may have been billed"


def test_a_service_that_drips_is_given_up(
    listen: Callable[[], BackgroundJob], openai: OpenAIServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OPENAI_TIMEOUT = 1
    monkeypatch.setattr(asking, "GRACE", 0.5)
    openai.faults.append(Response(body={"text": "a" * 1000}, drip=True))
    assert ran(listen()).status == "completed"
    assert ProviderCall.objects.get(error="service_silent").price > 0


def test_what_the_service_stumbles_over_is_asked_again_at_once(
    listen: Callable[[], BackgroundJob], openai: OpenAIServer, settings: Settings
) -> None:
    settings.OPENAI_PARALLEL = 1
    real = openai.respond
    asked = 0

    def stumble(request: Request) -> Response:
        nonlocal asked
        asked += 1
        return fake.OVERLOADED if asked % 2 == 0 else real(request)

    openai.respond = stumble  # type: ignore[method-assign]
    job = ran(listen())
    assert (job.status, job.retry_count) == ("completed", 0)
    assert asked == 7, "four pieces, and three stumbles"
    assert ProviderCall.objects.count() == 7, "each call has its line"


def test_a_question_that_never_works_ends_the_attempt_and_keeps_the_others(
    listen: Callable[[], BackgroundJob], openai: OpenAIServer
) -> None:
    real = openai.respond
    poison: list[bytes] = []

    def second_never_works(request: Request) -> Response:
        sound = request.body[request.body.index(b"ID3") :][:2000]
        if len(openai.requests) == 2:
            poison.append(sound)
        return fake.OVERLOADED if sound in poison else real(request)

    openai.respond = second_never_works  # type: ignore[method-assign]
    job = ran(listen())
    assert (job.status, job.retry_count) == ("pending", 0), "something was answered, or the circuit opened"
    assert ProviderCall.objects.filter(error="service_down").count() == 3
    poison.clear()
    paid = ProviderCall.objects.filter(state="paid").count()
    assert paid == StoredCall.objects.count() >= 1
    Service.objects.update(closed_until=timezone.now())
    assert ran(job, ignore_backoff=True).status == "completed"
    assert ProviderCall.objects.filter(state="paid").count() == 4


def test_a_short_wait_that_is_named_is_waited_for(listen: Callable[[], BackgroundJob], openai: OpenAIServer) -> None:
    openai.faults.append(fake.too_many(retry_after_ms="20"))
    job = ran(listen())
    assert (job.status, job.retry_count) == ("completed", 0)
    assert ProviderCall.objects.filter(error="rate_limited").count() == 1


def test_a_named_wait_stands_when_another_call_is_answered(
    listen: Callable[[], BackgroundJob], openai: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, real = threading.Event(), breaker.hold

    def hold(*arguments: Any) -> WaitUntil:
        found = real(*arguments)
        held.set()
        return found

    def second_and_third_together(content: bytes) -> Heard:
        if len(openai.requests) == 2:
            openai.faults.append(fake.too_many(retry_after="600"))
            assert held.wait(60)
        return one_word(content)

    monkeypatch.setattr(breaker, "hold", hold)
    openai.ear = second_and_third_together
    job = ran(listen())
    assert (job.status, code_of(job), job.retry_count) == ("pending", "rate_limited", 0)
    assert ProviderCall.objects.filter(state="paid").count() == StoredCall.objects.count() == 2
    closed_until = Service.objects.get().closed_until
    assert closed_until
    assert closed_until > timezone.now() + datetime.timedelta(minutes=8)
    ran(listen())
    assert len(openai.requests) == 3, "nobody else calls meanwhile"


@pytest.mark.parametrize("what", ["requests", "tokens"])
def test_when_nothing_is_left_everybody_waits_until_there_is(
    listen: Callable[[], BackgroundJob], openai: OpenAIServer, what: str
) -> None:
    openai.headers = {f"x-ratelimit-remaining-{what}": "0", f"x-ratelimit-reset-{what}": "6m0s"}
    job = ran(listen())
    assert (job.status, code_of(job), job.retry_count) == ("pending", "rate_limited", 0)
    assert job.next_retry_at
    assert job.next_retry_at > timezone.now() + datetime.timedelta(minutes=4)
    ran(listen())
    assert len(openai.requests) == StoredCall.objects.count() == 1, "what was answered is kept"

    openai.headers[f"x-ratelimit-reset-{what}"] = "20ms"
    Service.objects.update(closed_until=timezone.now())
    assert ran(job, ignore_backoff=True).status == "completed"


@pytest.mark.parametrize(
    ("text", "seconds"), [("1s", 1), ("6m0s", 360), ("20ms", 0.02), ("1m30.5s", 90.5), ("soon", None), ("", None)]
)
def test_resets_are_read_as_they_are_documented(text: str, seconds: float | None) -> None:
    now = timezone.now()
    found = allowance.rest_until({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": text})
    assert (found is None) == (seconds is None)
    if found and seconds:
        assert (found - now).total_seconds() == pytest.approx(seconds, abs=2)
    assert allowance.rest_until({"x-ratelimit-remaining-tokens": "7", "x-ratelimit-reset-tokens": text}) is None


def test_the_day_limit_waits_for_the_next_day(
    listen: Callable[[], BackgroundJob], openai: OpenAIServer, alice: User
) -> None:
    assert alice.company
    CompanyTerms.objects.create(company=alice.company, daily_limit=Decimal("1"))
    ProviderCall.objects.create(
        provider="openai", model="m", kind="sop", company=alice.company, price=Decimal("0.9999"), state="paid"
    )
    job = ran(listen())
    assert (job.status, code_of(job), job.retry_count) == ("pending", "daily_limit_reached", 0)
    assert job.next_retry_at
    assert job.next_retry_at.timetz() == datetime.time(tzinfo=datetime.UTC)
    assert openai.requests == []


def test_the_job_limit_fails_with_what_to_do(
    listen: Callable[[], BackgroundJob], openai: OpenAIServer, settings: Settings
) -> None:
    settings.JOB_LIMIT_CENTS = 1
    settings.OPENAI_PRICES = ["whisper-1=0.05/min"]
    job = ran(listen())
    assert (job.status, code_of(job)) == ("failed", "over_limit")
    assert sum(call.price for call in ProviderCall.objects.all()) <= Decimal("0.01")
    assert ProviderCall.objects.filter(state="paid").exists(), "what fitted was done and is stored"


def test_no_key_is_ever_told(
    listen: Callable[[], BackgroundJob], openai: OpenAIServer, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    from trainings.providers.openai_ import client

    caplog.set_level("DEBUG")
    settings.OPENAI_API_KEY = "sk-proj-an-old-secret-key"
    job = ran(listen())
    assert code_of(job) == "key_refused"
    told = f"{job.error_data} {caplog.text} {client.client()!r} {list(ProviderCall.objects.values())}"
    assert "old-secret" not in told
    assert "[key]" in told


def test_deleting_the_training_deletes_what_was_heard(listen: Callable[[], BackgroundJob]) -> None:
    ran(listen())
    assert StoredCall.objects.exists()
    Training.objects.all().delete()
    assert not StoredCall.objects.exists()
    assert ProviderCall.objects.exists(), "the ledger stays"
