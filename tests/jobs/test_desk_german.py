"""The desk speaks its reader's language, in what we wrote, in unfold's words and in what is stored in English."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import polib
import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from jobs import limits, queue
from jobs.errors import PermanentError
from jobs.models import BackgroundJob
from jobs.testing import run_due_jobs
from tests.jobs.conftest import Make
from trainai import catalogue
from trainai.accounts.models import User

pytestmark = pytest.mark.django_db


class Seen(HTMLParser):
    """Collects the words of a page that a person reads. An icon is a word in a font of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.words: set[str] = set()
        self._is_read = True

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self._is_read = tag not in ("script", "style") and "material-symbols" not in (given.get("class") or "")
        self.words |= {given[name] or "" for name in ("placeholder", "aria-label", "data-label") if name in given}

    def handle_data(self, data: str) -> None:
        if self._is_read:
            self.words.add(" ".join(data.split()))


@pytest.fixture
def work(handle: Callable[..., None], enqueue: Make, alice: User) -> BackgroundJob:
    """A job that failed, one that waits in vain, one that is held up."""

    def refuse(context: object) -> dict[str, object]:
        raise PermanentError("damaged_file", "This video is damaged and cannot be read to its end.")

    handle("listen", refuse, label="Listening")
    handle("write", refuse, label="Writing the steps")
    failed = enqueue("listen")
    enqueue("write", depends_on=failed)
    run_due_jobs()
    limits.pause(job_type="write", why="Strike", by=alice)
    enqueue("write")
    queue.cancel(enqueue("listen").pk)
    failed.refresh_from_db()
    return failed


def english(page: str, german: dict[str, str]) -> set[str]:
    """Return the sentences of the catalogue that a page says as they stand in the sources."""
    seen = Seen()
    seen.feed(page)
    return {word for word in seen.words if german.get(word, word) != word and word not in german.values()}


def test_no_page_of_the_desk_speaks_english_to_a_german(operator: Client, work: BackgroundJob) -> None:
    names = [reverse("admin:index"), reverse("admin:jobs_backgroundjob_change", args=[work.pk])]
    names += [reverse("admin:jobs_backgroundjob_ask", args=[verb]) for verb in ("cancel", "retry", "prioritise")]
    names += [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
        if model._meta.app_label in ("jobs", "django_q", "trainings", "accounts")
    ]
    names.append(reverse("admin:jobs_joblimit_add"))
    german = {entry.msgid: entry.msgstr for entry in polib.pofile(str(catalogue.path("de")))}
    spoken = {
        name: english(operator.get(name, headers={"accept-language": "de"}).content.decode(), german) for name in names
    }
    assert {name: words for name, words in spoken.items() if words} == {}


def test_what_is_stored_in_english_is_shown_in_german(operator: Client, work: BackgroundJob) -> None:
    page = operator.get(reverse("admin:jobs_backgroundjob_changelist"), headers={"accept-language": "de"})
    text = re.sub(r"<[^>]+>", " ", page.content.decode())
    assert "Zuhören schlug fehl, darum begann dies nicht." in text
    assert "angehalten: Strike" in text
    assert "Arbeit" in text
