"""The pages of the installation itself."""

from __future__ import annotations

import pytest
from django.test import Client

from trainai.accounts.models import User

pytestmark = pytest.mark.django_db


def test_the_patterns_are_for_those_who_look_after_the_pages(alice: User) -> None:
    client = Client()
    client.force_login(alice)
    assert client.get("/patterns/").status_code == 404
    alice.is_staff = True
    alice.save()
    assert client.get("/patterns/").status_code == 200


def test_an_unknown_address_says_so_kindly() -> None:
    answer = Client().get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_a_bug_gets_a_page_that_needs_no_database(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("trainings.cards.trainings", broken)
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.content.decode()


def test_no_page_runs_a_script_of_its_own_text(alice: User) -> None:
    client = Client()
    client.force_login(alice)
    for path in ("/", "/trainings/new/", "/jobs/"):
        answer = client.get(path)
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        page = answer.content.decode()
        assert page.count("<script") == page.count('<script type="module" src="/static/build/')
        assert " style=" not in page
        assert " onclick=" not in page
