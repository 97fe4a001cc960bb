"""What an operator sees of paid calls."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from trainai.accounts.models import User
from trainings.models import ProviderCall

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    """An operator at the admin."""
    client.force_login(User.objects.create_superuser("operator@example.com", "a long enough password"))
    return client


def test_the_ledger_says_what_the_shown_calls_cost_together(desk: Client, alice: User) -> None:
    for price in ("0.25", "0.50"):
        ProviderCall.objects.create(provider="openai", model="my-pen", kind="sop", price=Decimal(price))
    ProviderCall.objects.create(provider="openai", model="my-ear", kind="transcription", price=Decimal(1))
    assert "1.75 US dollars" in desk.get("/admin/trainings/providercall/").content.decode()
    assert "0.75 US dollars" in desk.get("/admin/trainings/providercall/?kind=sop").content.decode()


@pytest.mark.parametrize("name", ["service", "companyterms", "companyterms/add"])
def test_the_other_pages_open(desk: Client, name: str) -> None:
    assert desk.get(f"/admin/trainings/{name}/").status_code == 200


def test_nobody_writes_into_the_ledger(desk: Client) -> None:
    assert desk.get("/admin/trainings/providercall/add/").status_code == 403
