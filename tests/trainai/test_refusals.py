"""Who may not do something reads who can allow it; who met a mistake of ours gets back what they wrote."""

from __future__ import annotations

import html
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.test import Client

from tests.trainings.making import bare_training
from trainai.accounts.models import Membership, User
from trainings import pipeline
from trainings.models import Training

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_files")]


@pytest.fixture
def _files(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]


def refused(user: User, path: str, *, post: bool = False) -> str:
    """Return the page that refuses, as a person reads it."""
    client = Client()
    client.force_login(user)
    answer = client.post(path) if post else client.get(path)
    assert answer.status_code == 403
    return html.unescape(answer.content.decode())


def test_a_viewer_reads_who_can_allow_it_and_can_write_to_them(alice: User, vera: User) -> None:
    page = refused(vera, "/trainings/new/")
    assert "You may watch trainings here, not make or change them." in page
    assert "Alice owns Corner shop and can allow it" in page
    assert "Write to Alice" in page
    letter = unquote(page.partition('href="mailto:')[2].partition('"')[0])
    assert letter.startswith("alice@example.com?subject=")
    assert "Hello Alice," in letter
    assert "http://testserver/accounts/people/" in letter
    assert letter.endswith("Vera")


def test_several_owners_are_all_named_and_those_who_left_are_not(alice: User, bob: User, vera: User) -> None:
    Membership.objects.filter(user=bob).update(role=Membership.Role.OWNER)
    assert "Alice and Bob own Corner shop." in refused(vera, "/accounts/people/")
    User.objects.filter(pk=alice.pk).update(is_active=False)
    page = refused(vera, "/accounts/people/")
    assert "Bob owns Corner shop" in page
    assert "Alice" not in page


def test_it_is_the_owner_of_what_is_refused_who_is_named(alice: User, charlie: User, vera: User) -> None:
    assert charlie.company
    Membership.objects.create(user=vera, company=charlie.company, role=Membership.Role.VIEWER)
    theirs = bare_training(charlie)
    pipeline.enqueue_jobs(theirs)
    job = theirs.jobs.first()
    assert job
    for path in (f"/trainings/{theirs.id}/title/", f"/jobs/{job.id}/retry/"):
        page = refused(vera, path, post=True)
        assert "Charlie owns Elsewhere" in page
        assert "Alice" not in page


def test_what_belongs_to_another_company_is_not_found_and_nobody_is_named(alice: User, charlie: User) -> None:
    client = Client()
    client.force_login(charlie)
    answer = client.post(f"/trainings/{bare_training(alice).id}/title/")
    assert answer.status_code == 404
    assert "Alice" not in answer.content.decode()


def test_whoever_is_in_no_company_is_told_how_to_get_into_one(alice: User, bob: User) -> None:
    bob.memberships.all().delete()
    page = refused(User.objects.get(pk=bob.pk), "/trainings/new/")
    assert "You belong to no company here." in page
    assert "Alice" not in page


def test_what_no_owner_can_allow_names_none(alice: User, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(is_staff=True)
    page = refused(User.objects.get(pk=bob.pk), "/admin/accounts/user/")
    assert "Ask whoever runs this installation" in page
    assert "Alice" not in page


def test_what_was_written_is_given_back_after_a_mistake_of_ours(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(training: Training, title: str) -> None:
        raise RuntimeError("broken")

    training = bare_training(alice)
    monkeypatch.setattr(Training, "rename", break_down)
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    sent = {"title": "Refund <an> order", "password": "hidden words", "next": "/somewhere/"}
    answer = client.post(f"/trainings/{training.id}/title/", sent)
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "<blockquote>Refund &lt;an&gt; order</blockquote>" in page
    assert "hidden words" not in page
    assert "/somewhere/" not in page


def test_after_a_mistake_without_a_form_there_is_nothing_to_give_back(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("trainings.views.cards.of", break_down)
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "to copy" not in answer.content.decode()
