"""The owner lets colleagues in, changes what they may do, and takes them out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from trainai.accounts import invitations
from trainai.accounts.models import Company, Membership, User

PASSWORD = "a long enough password"


@pytest.fixture
def owner(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def invite(owner: Client, email: str = "erin@example.com", role: str = "creator") -> str:
    """Return the link that the page shows."""
    link: str = owner.post("/accounts/people/", {"email": email, "role": role}).context["link"]
    return link


def membership_of(user: User) -> Membership:
    return Membership.objects.get(user=user)


def change(client: Client, user: User, role: str) -> int:
    return client.post(f"/accounts/people/{membership_of(user).id}/role/", {"role": role}).status_code


def remove(client: Client, user: User) -> int:
    return client.post(f"/accounts/people/{membership_of(user).id}/removal/").status_code


def test_an_invited_colleague_joins_the_company_as_what_the_owner_chose(owner: Client, company: Company) -> None:
    link = invite(owner, role="viewer")
    stranger = Client()
    assert company.name in stranger.get(link).content.decode()
    answer = stranger.post(link, {"name": "Erin", "email": "other@example.com", "password": PASSWORD})
    assert answer.status_code == 302
    erin = User.objects.get(email="erin@example.com")  # the address in the link, not the one in the form
    assert (erin.company, membership_of(erin).role) == (company, Membership.Role.VIEWER)


def test_a_link_works_once(owner: Client) -> None:
    link = invite(owner)
    form = {"name": "Erin", "password": PASSWORD}
    assert Client().post(link, form).status_code == 302
    assert "has an account already" in Client().post(link, form).content.decode()
    assert User.objects.filter(name="Erin").count() == 1


def test_a_link_is_over_after_a_week(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    link = invite(owner)
    later = (timezone.now() + timedelta(days=invitations.DAYS, seconds=1)).timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert Client().get(link).status_code == 410


def test_a_link_that_was_changed_lets_nobody_in(owner: Client, db: None) -> None:
    assert Client().get(invite(owner)[:-1]).status_code == 410
    assert Client().get("/accounts/signup/?invitation=made-up").status_code == 410


def test_an_address_with_an_account_cannot_be_invited(owner: Client, charlie: User) -> None:
    assert invite(owner, email="Charlie@example.com") == ""


def test_an_owner_changes_what_a_colleague_may_do(owner: Client, bob: User) -> None:
    assert change(owner, bob, "viewer") == 302
    assert membership_of(bob).role == Membership.Role.VIEWER
    assert not membership_of(bob).may_create


def test_a_role_that_does_not_exist_changes_nothing(owner: Client, bob: User) -> None:
    change(owner, bob, "king")
    assert membership_of(bob).role == Membership.Role.CREATOR


def test_the_last_owner_stays_owner_and_stays(owner: Client, alice: User, bob: User) -> None:
    change(owner, alice, "viewer")
    remove(owner, alice)
    assert membership_of(alice).role == Membership.Role.OWNER
    change(owner, bob, "owner")
    change(owner, alice, "viewer")
    assert membership_of(alice).role == Membership.Role.VIEWER


def test_who_was_removed_sees_the_company_no_more(owner: Client, bob: User) -> None:
    assert remove(owner, bob) == 302
    assert User.objects.get(pk=bob.pk).company is None


def test_only_owners_see_and_change_people(client: Client, alice: User, bob: User) -> None:
    client.force_login(bob)
    assert client.get("/accounts/people/").status_code == 403
    assert change(client, alice, "viewer") == 403
    assert remove(client, alice) == 403


def test_another_companys_people_are_not_found(client: Client, bob: User, charlie: User) -> None:
    client.force_login(charlie)
    assert change(client, bob, "viewer") == 404
    assert remove(client, bob) == 404
    assert membership_of(bob).role == Membership.Role.CREATOR


def test_who_is_not_logged_in_is_sent_to_the_login(client: Client, bob: User) -> None:
    assert client.get("/accounts/people/").headers["Location"].startswith("/accounts/login/")
    assert remove(client, bob) == 302
    assert membership_of(bob)


def test_two_presses_at_once_make_one_person(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    # Both find the address free; the second save finds it taken.
    link = invite(owner)
    assert Client().post(link, {"name": "Erin", "password": PASSWORD}).status_code == 302
    monkeypatch.setattr("trainai.accounts.forms.free_address", str.lower)
    answer = Client().post(link, {"name": "Erin", "password": PASSWORD})
    assert answer.status_code == 200
    assert "has an account already" in answer.content.decode()
