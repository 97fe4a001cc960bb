"""Signing up, logging in and out, over HTTP."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client

from trainai.accounts.models import Company, Membership, User

PASSWORD = "a long enough password"
ADDRESSES = ["/accounts/login/", "/accounts/signup/"]


def sign_up(client: Client, **changes: str) -> int:
    """Send the form of a new company and return the status."""
    form = {"company": "Bakery", "name": "Dora", "email": "dora@example.com", "password": PASSWORD}
    return client.post("/accounts/signup/", form | changes).status_code


def log_in(client: Client, email: str, password: str = PASSWORD) -> int:
    """Send the login form and return the status."""
    return client.post("/accounts/login/", {"username": email, "password": password}).status_code


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_signing_up_makes_a_company_and_its_owner_who_is_logged_in(client: Client, db: None) -> None:
    assert sign_up(client) == 302
    dora = User.objects.get(email="dora@example.com")
    assert dora.membership
    assert dora.membership.role == Membership.Role.OWNER
    assert dora.company == Company.objects.get(name="Bakery")
    assert not dora.is_staff
    assert is_logged_in(client)


def test_an_address_that_is_taken_is_refused_in_any_case(client: Client, alice: User) -> None:
    assert sign_up(client, email="Alice@Example.com") == 200
    assert not Company.objects.filter(name="Bakery").exists()


@pytest.mark.parametrize("password", ["short", "password123", "dora@example.com"])
def test_a_weak_password_is_refused(client: Client, db: None, password: str) -> None:
    assert sign_up(client, password=password) == 200
    assert not User.objects.exists()
    assert not Company.objects.exists()


def test_a_person_logs_in_by_address_in_any_case_and_out_again(client: Client, alice: User) -> None:
    assert log_in(client, "ALICE@example.com") == 302
    assert is_logged_in(client)
    assert client.post("/accounts/logout/").status_code == 302
    assert not is_logged_in(client)


def test_a_link_cannot_log_a_person_out(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.get("/accounts/logout/").status_code == 405
    assert is_logged_in(client)


def test_a_wrong_password_and_an_unknown_address_look_the_same(client: Client, alice: User) -> None:
    pages = []
    for email in ("alice@example.com", "nobody@example.com"):
        page = client.post("/accounts/login/", {"username": email, "password": "wrong"})
        pages.append((page.status_code, page.context["form"].errors))
    assert pages[0] == pages[1]
    assert not is_logged_in(client)


def test_too_many_wrong_passwords_close_the_door_even_to_the_right_one(
    client: Client, alice: User, settings: LazySettings
) -> None:
    tries = [log_in(client, spelling, "wrong") for spelling in ["alice@example.com", "Alice@example.com"] * 5]
    assert len(tries) == settings.AXES_FAILURE_LIMIT
    assert tries[-1] == 429
    assert log_in(client, "alice@example.com") == 429
    assert not is_logged_in(client)


def test_a_closed_door_is_closed_for_one_address_only(client: Client, alice: User, bob: User) -> None:
    for _ in range(11):
        log_in(client, "alice@example.com", "wrong")
    assert log_in(client, "bob@example.com") == 302


def test_a_form_without_its_token_is_refused(alice: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert log_in(strict, "alice@example.com") == 403
    assert sign_up(strict) == 403


def test_who_is_logged_in_needs_no_login_page(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert [client.get(address).status_code for address in ADDRESSES] == [302, 302]


def test_login_goes_on_to_where_the_person_wanted_but_never_elsewhere(client: Client, alice: User) -> None:
    form = {"username": "alice@example.com", "password": PASSWORD}
    answer = client.post("/accounts/login/", form | {"next": "/trainings/new/"})
    assert answer.headers["Location"] == "/trainings/new/"
    client.post("/accounts/logout/")
    answer = client.post("/accounts/login/", form | {"next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_forms_are_shown(client: Client, db: None, address: str) -> None:
    page = client.get(address)
    assert page.status_code == 200
    assert b'autocomplete="username"' in page.content
