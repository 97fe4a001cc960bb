"""Everything a person reads can be translated, and German proves it: each sentence is marked, there and filled in."""

from __future__ import annotations

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from jobs import phrases
from tests.trainings.making import bare_training
from trainai import catalogue, sources
from trainai.accounts.models import User
from trainings import pipeline

RENEW = "run `manage.py gather_messages`, translate what it names, and run it again"
BLANKS = re.compile(r"%\(\w+\)[sd]|%%|%s|\{\w+\}")
SHOWN = ("aria-label", "title", "alt", "placeholder", "label")
NAMES = {"TrainAI", "Esc", "thumbnails"}
"""What is the same in every language; by the last one the player finds its storyboard."""
UNDRESSED = re.compile(
    r"{%\s*(blocktranslate|comment)\b.*?{%\s*end(blocktranslate|comment)\s*%}|{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL
)
SAID_TO_PEOPLE = {"PermissionDenied", "ValidationError", "success", "warning", "error", "info"}


@pytest.mark.parametrize("language", catalogue.languages())
def test_every_sentence_of_the_sources_is_translated(language: str) -> None:
    entries = polib.pofile(str(catalogue.path(language)))
    assert {(each.msgid, each.msgid_plural) for each in entries} == set(catalogue.wanted()), RENEW
    assert not entries.untranslated_entries(), RENEW
    assert not entries.fuzzy_entries()


@pytest.mark.parametrize("language", catalogue.languages())
def test_what_programs_read_says_what_people_translated(language: str) -> None:
    entries = polib.pofile(str(catalogue.path(language)))
    compiled = polib.mofile(str(catalogue.path(language).with_suffix(".mo")))
    assert {each.msgid: each.msgstr or each.msgstr_plural for each in compiled} == {
        each.msgid: each.msgstr or each.msgstr_plural for each in entries
    }, RENEW


@pytest.mark.parametrize("language", catalogue.languages())
def test_a_translation_puts_in_what_its_sentence_does(language: str) -> None:
    for entry in polib.pofile(str(catalogue.path(language))):
        for translated in (entry.msgstr, *entry.msgstr_plural.values()):
            if translated:
                assert sorted(BLANKS.findall(translated)) == sorted(BLANKS.findall(entry.msgid)), entry.msgid


class Reader(HTMLParser):
    """Collects what a person would read of a template."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._within.append(tag)
        self.said += [value for name, value in attributes if name in SHOWN and value]

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        # The names by which scripts find their texts; mails' addresses of themselves.
        if not self._within or self._within[-1] not in ("style", "dt", "script"):
            self.said.append(data)


def test_no_template_says_anything_unmarked() -> None:
    unmarked = []
    for path in sources.templates():
        if path.name == "patterns.html":  # made-up values, for those who build the pages
            continue
        reader = Reader()
        reader.feed(UNDRESSED.sub(" ", path.read_text(encoding="utf-8")))
        plain = [re.sub(r'[\w-]+="[^"]*"', "", said) for said in reader.said]  # blocks of attributes
        words = [word for said in plain for word in re.findall(r"[^\W\d_]{3,}", said)]
        unmarked += [f"{path.name}: {word}" for word in words if word not in NAMES]
    assert not unmarked


def test_no_script_says_anything_itself() -> None:
    """Scripts get their sentences from the page (data-texts, data-…), where they are marked."""
    says = re.compile(
        r"""(?:textContent|innerHTML|innerText|title|ariaLabel|alert|confirm)\s*[=(]\s*["'`][^"'`$]*[a-z]{3}"""
    )
    folder = settings.BASE_DIR / "trainai" / "static_src" / "js"
    assert not [path.name for path in folder.rglob("*.js") if says.search(path.read_text())]


def test_no_view_says_anything_unmarked() -> None:
    unmarked = []
    for room in sources.ROOMS:
        for path in (settings.BASE_DIR / room).rglob("*.py"):
            unmarked += [f"{path.name}:{line}" for line in unmarked_lines(path)]
    assert not unmarked


def unmarked_lines(path: Path) -> list[int]:
    """Return the lines that hand a bare sentence to a person."""
    lines = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", "") or getattr(node.func, "id", "")
        owner = getattr(getattr(node.func, "value", None), "id", "")
        if owner in ("serializers", "exceptions"):  # of the API: programs read the codes
            continue
        told = name in ("PermissionDenied", "ValidationError") or (owner == "messages" and name in SAID_TO_PEOPLE)
        words = [arg for arg in node.args if told] + [
            word.value for word in node.keywords if word.arg in ("label", "help_text") and owner == "forms"
        ]
        if any(isinstance(word, (ast.JoinedStr, ast.Constant)) and len(ast.unparse(word)) > 4 for word in words):
            lines.append(node.lineno)
    return lines


def test_a_stored_sentence_is_said_in_the_readers_language_with_what_was_put_in() -> None:
    with translation.override("de"):
        assert phrases.said("Picture 3 of 8") == "Bild 3 von 8"
        assert phrases.said("3 so far, at 0:52 of 1:28") == "3 bis jetzt, bei 0:52 von 1:28"
        assert phrases.said("nobody ever said this") == "nobody ever said this"
    assert phrases.said("Picture 3 of 8") == "Picture 3 of 8"


@pytest.mark.django_db
def test_a_page_speaks_as_the_browser_asks_and_as_its_reader_decided(alice: User, client: Client) -> None:
    training = bare_training(alice)
    pipeline.enqueue_jobs(training)
    client.force_login(alice)
    german = client.get(f"/trainings/{training.id}/", headers={"accept-language": "de-CH,de;q=0.9"}).content.decode()
    assert '<html lang="de">' in german
    assert "Schritte schreiben" in german
    assert "wartet auf „Zuhören“" in german
    client.post("/accounts/preferences/", {"name": "Alice", "language": "en"}, headers={"accept-language": "de"})
    assert (
        "Writing the steps"
        in client.get(f"/trainings/{training.id}/", headers={"accept-language": "de"}).content.decode()
    )
