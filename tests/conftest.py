"""The people of every story: alice owns a company, bob is her colleague, charlie is a stranger."""

from __future__ import annotations

import os
from collections.abc import Iterator

import hypothesis
import pytest
from django.utils import translation

from trainai.accounts.models import Company, Membership, User
from trainings import upload_turns

# How long an example takes says more about the machine than about the code.
# The judgement over a commit must not depend on luck: CI takes the same examples each time, a developer new ones.
hypothesis.settings.register_profile("trainai", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("trainai")


@pytest.fixture(autouse=True)
def uploads_locks() -> Iterator[None]:
    """No session of uploads outlives its test: it would keep the test's database from being dropped."""
    yield
    upload_turns.shared.close()


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A request in another language leaves that active in its thread, which is the test's own with Django's client."""
    yield
    translation.deactivate()


@pytest.fixture
def company(db: None) -> Company:
    """Alice's and bob's company."""
    return Company.objects.create(name="Corner shop")


def _person(name: str, company: Company, role: Membership.Role) -> User:
    user = User.objects.create_user(f"{name}@example.com", "a long enough password", name=name.title())
    Membership.objects.create(user=user, company=company, role=role)
    return user


@pytest.fixture
def alice(company: Company) -> User:
    """Owns the company."""
    return _person("alice", company, Membership.Role.OWNER)


@pytest.fixture
def bob(company: Company) -> User:
    """Makes trainings in alice's company."""
    return _person("bob", company, Membership.Role.CREATOR)


@pytest.fixture
def charlie(db: None) -> User:
    """A stranger: owns another company."""
    return _person("charlie", Company.objects.create(name="Elsewhere"), Membership.Role.OWNER)


@pytest.fixture
def vera(company: Company) -> User:
    """Watches the trainings of alice's company."""
    return _person("vera", company, Membership.Role.VIEWER)
