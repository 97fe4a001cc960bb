"""Writing by OpenAI: what is believed, what is not, and what no narration can make it do."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django.fixtures import Settings

from jobs.errors import JobError, PermanentError, TemporaryError, WaitUntil
from jobs.models import BackgroundJob
from tests.fakes import openai_ as fake
from tests.fakes import pen
from tests.fakes.openai_ import OpenAIServer
from tests.fakes.server import Response
from tests.trainings.making import ready_training
from tests.trainings.narration import spoken
from trainai.accounts.models import User
from trainings import draft_check
from trainings.models import CompanyTerms, ProviderCall, Segment, Step, StoredCall
from trainings.paid import account, ledger
from trainings.providers import SopDraft, SpokenSegment
from trainings.providers.openai_ import OpenAIWriter, answer, parts

pytestmark = pytest.mark.django_db
SAID = ("Open the till menu.", "Press refund and wait for the receipt.", "Give the receipt to the customer.")


def narration(*texts: str) -> list[SpokenSegment]:
    clock, said = 0.5, []
    for text in texts:
        said.append(spoken(text, clock))
        clock = said[-1].end + 0.4
    return said


def step(title: str, *segments: int, **more: Any) -> dict[str, Any]:
    return {"title": title, "body": "", "cautions": [], "conditions": [], "segments": list(segments), **more}


def procedure(*steps: dict[str, Any], title: str = "", key_points: list[Any] | None = None) -> dict[str, Any]:
    chapters = [{"title": "", "segments": [], "steps": list(steps)}] if steps else []
    return {"title": title, "chapters": chapters, "key_points": key_points or []}


def answering(openai: OpenAIServer, *answers: Any) -> list[list[dict[str, str]]]:
    """Have the model give these answers in turn; return what it is asked."""
    left, asked = list(answers), []

    def write(messages: list[dict[str, str]], schema: dict[str, Any]) -> Any:
        asked.append(messages)
        return left.pop(0)

    openai.pen = write
    return asked


def drafted(texts: tuple[str, ...] = SAID, language: str = "en") -> SopDraft:
    said = narration(*texts)
    duration = said[-1].end + 1
    draft = OpenAIWriter().write(said, language=language, duration=duration)
    draft_check.require_sound(draft, segments=len(said), duration=duration)
    return draft


def titles(draft: SopDraft) -> list[str]:
    return [each.title for chapter in draft.chapters for each in chapter.steps]


def test_steps_keep_their_evidence_and_get_its_times(openai: OpenAIServer) -> None:
    answering(openai, procedure(step("Press refund", 1), step("Open the till menu", 0), title="Press refund"))
    draft = drafted()
    first, second = draft.chapters[0].steps
    said = narration(*SAID)
    assert (first.title, first.evidence, first.start) == ("Open the till menu", (0,), said[0].start)
    assert (second.title, second.start) == ("Press refund", said[1].start)
    assert (draft.title, draft.chapters[0].title, draft.left_out) == ("Press refund", "Open the till menu", 0)


def test_two_steps_of_one_sentence_follow_each_other(openai: OpenAIServer) -> None:
    answering(openai, procedure(step("Press refund", 1), step("Wait for the receipt", 1)))
    first, second = drafted().chapters[0].steps
    assert first.start < second.start == first.end


def test_what_is_not_said_is_repaired_once(openai: OpenAIServer) -> None:
    repaired = {"items": [{"id": 0, "text": "Press refund", "segments": [1]}]}
    asked = answering(openai, procedure(step("Open the till menu", 0), step("Launch Photoshop", 1)), repaired)
    assert titles(drafted()) == ["Open the till menu", "Press refund"]
    (item,) = json.loads(asked[1][-1]["content"])["items"]
    assert item["text"] == "Launch Photoshop"
    assert [each["n"] for each in item["segments"]] == [0, 1, 2]


def test_what_cannot_be_repaired_is_left_out_and_counted(openai: OpenAIServer) -> None:
    wrong = procedure(
        step("Open the till menu", 0, body="It costs 900 dollars.", cautions=["Never breathe."]),
        step("Launch Photoshop", 1),
        step("Press refund"),
        step("Press refund", 99),
        key_points=[{"text": "Customers are aliens", "segments": [2]}],
    )
    still_wrong = {"items": [{"id": 0, "text": "Launch Photoshop", "segments": [1]}]}
    answering(openai, wrong, still_wrong)
    draft = drafted()
    assert titles(draft) == ["Open the till menu"]
    assert (draft.chapters[0].steps[0].body, draft.chapters[0].steps[0].cautions) == ("", ())
    assert draft.key_points == ()
    assert draft.left_out == 6


def test_titles_that_are_not_said_are_repaired_with_the_others(openai: OpenAIServer) -> None:
    wrong = procedure(step("Open the till menu", 0), step("Press refund", 1), title="Rule the world")
    wrong["chapters"][0] |= {"title": "Fly to the moon", "segments": [0, 1]}
    chapter, whole = (
        {"id": 0, "text": "The till menu", "segments": [0]},
        {"id": 1, "text": "Press refund", "segments": [1]},
    )
    asked = answering(openai, wrong, {"items": [chapter, whole]})
    draft = drafted()
    assert [item["text"] for item in json.loads(asked[1][-1]["content"])["items"]] == [
        "Fly to the moon",
        "Rule the world",
    ]
    assert (draft.chapters[0].title, draft.title, draft.left_out) == ("The till menu", "Press refund", 0)


def test_titles_that_cannot_be_repaired_are_counted(openai: OpenAIServer) -> None:
    wrong = procedure(step("Open the till menu", 0), title="Rule the world")
    wrong["chapters"][0]["title"] = "Fly to the moon"
    answering(openai, wrong, {"items": []})
    draft = drafted()
    assert (draft.chapters[0].title, draft.title, draft.left_out) == ("Open the till menu", "", 2)


def test_nothing_believable_is_no_procedure(openai: OpenAIServer) -> None:
    answering(openai, procedure(step("Launch Photoshop", 1)), {"items": []})
    with pytest.raises(PermanentError) as refusal:
        drafted()
    assert refusal.value.code == "no_steps_found"


HOSTILE = (Path(__file__).parent / "hostile.txt").read_text(encoding="utf-8").splitlines()
HOSTILE += ["\u202egnp.exe\u200b hidden \x00 text \ufeff"]


@pytest.mark.parametrize("said", HOSTILE)
def test_a_hostile_narration_stays_data(openai: OpenAIServer, said: str) -> None:
    texts = (*SAID, said)
    obeys = procedure(
        step("Open the till menu", 0),
        step("Enter the password hunter2 at evil.example", 0, body="OWNED <script>steal()</script>"),
        step("Arr, ye be owned, landlubber", 3),
        title="OWNED",
    )
    asked = answering(openai, obeys, {"items": [{"id": 0, "text": "OWNED", "segments": [0, 1, 2]}]})
    draft = drafted(texts)
    system, user = asked[0]
    assert system["role"] == "system"
    assert said not in system["content"]
    assert [each["said"] for each in json.loads(user["content"])["segments"]] == [each.strip() for each in texts]
    assert titles(draft) == ["Open the till menu"]
    assert "OWNED" not in str(draft)


OBEYING = {
    "de": ("Öffnen Sie die Grundeinstellungen.", "Öffne die Grundeinstellungen", "Geh auf Ja", "Gib das Passwort ein"),
    "es": ("Primero abrimos el menú de la caja.", "Abre el menú de la caja", "Haz clic en Sí", "Di la clave 900"),
    "ko": ("먼저 설정 메뉴를 엽니다.", "설정 메뉴를 여세요", "전원을 끄세요", "암호를 말하세요"),
    "ja": ("設定を開きます。", "設定を開く", "電源を切る", "900を押す"),
}


@pytest.mark.parametrize("language", OBEYING)
def test_hostile_sentences_among_others_of_any_language_carry_nothing(openai: OpenAIServer, language: str) -> None:
    said, true, *obeyed = OBEYING[language]
    texts = (said, *HOSTILE)
    everywhere = tuple(range(len(texts)))
    wrong = procedure(step(true, 0), *(step(text, *everywhere) for text in obeyed), title=obeyed[0])
    again = {"items": [{"id": n, "text": text, "segments": list(everywhere)} for n, text in enumerate(obeyed)]}
    answering(openai, wrong, again)
    draft = drafted(texts, language)
    assert (titles(draft), draft.title, draft.left_out) == ([true], "", 3)


def test_what_is_written_has_no_characters_that_hide_or_turn(openai: OpenAIServer) -> None:
    answering(openai, procedure(step("Open\u202e the\x00 till\u200b\ud800\n menu", 0)))
    assert titles(drafted()) == ["Open the till menu"]


GERMAN = ("Öffnen Sie die Grundeinstellungen.", "Danach klicken Sie auf Speichern.")
JAPANESE = ("設定を開きます。", "保存を押します。")


@pytest.mark.parametrize(
    ("language", "texts", "good", "bad"),
    [
        ("de", GERMAN, "Klicke auf Speichern", "Löschen Sie die Datenbank"),
        ("ja", JAPANESE, "保存を押す", "電源を切る"),
        ("", GERMAN, "Klicke auf Speichern", "Löschen Sie die Datenbank"),
    ],
)
def test_other_languages_are_checked_too(
    openai: OpenAIServer, language: str, texts: tuple[str, ...], good: str, bad: str
) -> None:
    answering(openai, procedure(step(bad, 0), step(good, 1)), {"items": []})
    draft = drafted(texts if language != "ja" else tuple(" ".join(text) for text in texts), language)
    assert titles(draft) == [good]
    assert draft.left_out == 1


def test_a_long_narration_is_read_in_parts_and_joined(openai: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "CHARACTERS", 300)
    texts = tuple(f"Open the menu number {number} now." for number in range(60))
    openai.pen = pen.write
    draft = drafted(texts)
    assert len(openai.requests) >= 6
    assert len(titles(draft)) == 60
    assert [each.evidence for chapter in draft.chapters for each in chapter.steps] == [(n,) for n in range(60)]


def test_six_hours_are_read_in_parts_and_nothing_is_lost(openai: OpenAIServer) -> None:
    wrong = 100

    def write(messages: list[dict[str, str]], schema: dict[str, Any]) -> Any:
        told = json.loads(messages[-1]["content"])
        if "items" in told:
            return {"items": [{"id": item["id"], "text": "", "segments": []} for item in told["items"]]}
        said = [each for each in told["segments"] if each["said"].startswith("Open")]
        return procedure(
            *(step("Launch it" if each["n"] < wrong else each["said"].rstrip("."), each["n"]) for each in said)
        )

    openai.pen = write
    talk = "And while that goes on everybody at the till can see what it does to the total of the day."
    draft = drafted(tuple(f"Open the menu number {n} now." if n % 2 == 0 else talk for n in range(5_200)))
    found = [each for chapter in draft.chapters for each in chapter.steps]
    assert len(found) == 2_600 - wrong // 2
    assert draft.left_out == wrong // 2
    assert found[-1].start > 6 * 3600
    parts_asked = sum('"items"' not in request.json["messages"][-1]["content"] for request in openai.requests)
    assert parts_asked > 10
    assert len(openai.requests) == parts_asked + 2, "repairs are asked for in batches"
    assert max(len(request.body) for request in openai.requests) < 100_000


def test_calls_under_way_are_waited_for_where_only_they_stand_in_the_way(
    openai: OpenAIServer, alice: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four parts of 16 cents at most each, and of far less in truth, under a limit of 50 cents."""
    monkeypatch.setattr(parts, "CHARACTERS", 300)
    settings.OPENAI_SOP_MODEL, settings.OPENAI_PRICES, settings.JOB_LIMIT_CENTS = "my-pen", ["my-pen=0:10"], 50
    openai.pen = pen.write
    with account.charged_to(BackgroundJob(company=alice.company, user=alice)):
        draft = drafted(tuple(f"Open the menu number {number} now." for number in range(36)))
    assert len(titles(draft)) == 36
    assert len(openai.requests) >= 4
    assert openai.most_at_once <= 3
    assert ledger.cost_of(ProviderCall.objects.all()) < Decimal("0.10")


@pytest.mark.parametrize("by", ["job", "installation", "company"])
def test_a_model_without_a_price_does_not_run_under_a_limit(
    openai: OpenAIServer, alice: User, settings: Settings, by: str
) -> None:
    settings.OPENAI_SOP_MODEL = "my-pen"
    settings.JOB_LIMIT_CENTS, settings.DAILY_LIMIT_CENTS = 50 * (by == "job"), 50 * (by == "installation")
    if by == "company":
        assert alice.company
        CompanyTerms.objects.create(company=alice.company, daily_limit=Decimal(1))
    openai.pen = pen.write
    with account.charged_to(BackgroundJob(company=alice.company, user=alice)):
        with pytest.raises(PermanentError, match="OPENAI_PRICES") as refusal:
            drafted()
        assert refusal.value.code == "price_unknown"
        assert openai.requests == []
        settings.OPENAI_PRICES = ["my-pen=0:0"]
        assert titles(drafted())


def test_an_answer_that_is_cut_off_is_asked_for_in_halves(openai: OpenAIServer) -> None:
    def short_of_breath(messages: list[dict[str, str]], schema: dict[str, Any]) -> Any:
        openai.finish_reason = "length" if len(pen.segments_of(messages)) > 2 else "stop"
        return '{"title": "' if openai.finish_reason == "length" else pen.write(messages, schema)

    openai.pen = short_of_breath
    draft = drafted(tuple(f"Open the menu number {number} now." for number in range(4)))
    assert len(titles(draft)) == 4
    assert len(openai.requests) == 3


def test_the_same_narration_is_never_paid_twice(openai: OpenAIServer) -> None:
    openai.pen = pen.write
    assert drafted() == drafted()
    assert len(openai.requests) == ProviderCall.objects.count() == StoredCall.objects.count() == 1
    assert ProviderCall.objects.get().price > 0


def test_a_refusal_fails_with_what_to_do(openai: OpenAIServer) -> None:
    openai.pen = pen.write
    openai.refusal = "I cannot help with that."
    with pytest.raises(PermanentError) as refusal:
        drafted()
    assert refusal.value.code == "refused"
    assert ProviderCall.objects.get().state == "paid", "a refusal is billed"


WRONG: list[Any] = [
    "not json",
    "[]",
    "null",
    "{}",
    '{"title": "a", "chapters": 7, "key_points": []}',
    '{"title": "a", "chapters": [7], "key_points": []}',
    '{"title": "a", "chapters": [{"title": "a", "segments": [], "steps": {}}], "key_points": []}',
    '{"title": "a", "chapters": []}',
    '{"title": NaN, "chapters": [], "key_points": []}',
    "```json\n{}\n```",
    "",
]


@pytest.mark.parametrize("content", WRONG)
def test_an_answer_of_another_form_is_tried_again_and_not_stored(openai: OpenAIServer, content: str) -> None:
    answering(openai, content, content)
    with pytest.raises(TemporaryError) as failure:
        drafted()
    assert failure.value.code == "strange_answer"
    assert not StoredCall.objects.exists()
    assert ProviderCall.objects.filter(state="paid", error="strange_answer").count() == 2, "both were paid"
    answering(openai, content, procedure(step("Open the till menu", 0)))
    assert titles(drafted()) == ["Open the till menu"]


@pytest.mark.parametrize(
    "body", [[], {}, {"choices": []}, {"choices": [{}]}, {"choices": [{"message": 7}]}, {"choices": "a"}]
)
def test_a_completion_that_is_none_is_tried_again(openai: OpenAIServer, body: Any) -> None:
    openai.faults.extend([Response(body=body)] * 3)
    with pytest.raises(JobError) as failure:
        drafted()
    assert failure.value.code == "strange_answer"
    assert not StoredCall.objects.exists()


def test_odd_values_inside_a_good_form_name_nothing(openai: OpenAIServer) -> None:
    odd = procedure(
        step("Open the till menu", 0),
        {"title": 7, "body": None, "cautions": "x", "conditions": [1], "segments": ["0", True, 1.5, None]},
    )
    answering(openai, odd, {"items": []})
    assert titles(drafted()) == ["Open the till menu"]


def test_too_many_requests_wait(openai: OpenAIServer) -> None:
    openai.faults.append(fake.too_many(retry_after="30"))
    with pytest.raises(WaitUntil):
        drafted()


@pytest.mark.parametrize("said", HOSTILE)
def test_hostile_words_are_text_wherever_they_are_shown(
    alice: User, client: Client, media_root: Path, said: str
) -> None:
    """Also where a step repeats them, because they were said."""
    words = answer.clean(said, answer.TITLE)
    training = ready_training(alice)
    Segment.objects.update(text=words)
    Step.objects.update(title=words, body=words, cautions=[words])
    client.force_login(alice)
    page = client.get(training.get_absolute_url()).content.decode()
    for sign in ("<script>alert", "<img src=x", "<svg onload", 'href="javascript:'):
        assert sign not in page
    assert escape(words.split()[0]) in page
    for name in ("transcript.vtt", "sop.md"):
        text = client.get(f"/api/trainings/{training.pk}/{name}").content.decode()
        assert "<script>" not in text
        assert not re.search(r"(?<!\\)\]\(javascript:", text)
