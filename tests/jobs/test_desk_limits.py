"""An operator pauses, caps and resumes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from jobs.models import JobLimit
from jobs.testing import run_due_jobs
from tests.jobs.conftest import Make
from trainai.accounts.models import Company, User
from trainai.accounts.roles import OPERATOR, READER

pytestmark = pytest.mark.django_db
ADD, LIST = reverse("admin:jobs_joblimit_add"), reverse("admin:jobs_joblimit_changelist")


@pytest.fixture(autouse=True)
def _work(handle: Callable[..., None]) -> None:
    handle("dig", lambda context: {}, label="Digging")


def test_a_type_is_paused_with_a_reason_and_resumed(operator: Client, enqueue: Make) -> None:
    job = enqueue("dig")
    refused = operator.post(ADD, {"job_type": "dig", "paused": "on"})
    assert "Say why" in refused.content.decode()
    assert operator.post(ADD, {"job_type": "dig", "paused": "on", "reason": "the ground is frozen"}).status_code == 302
    limit = JobLimit.objects.get()
    assert limit.paused_by
    assert limit.paused_by.email == "operator@example.com"
    assert LogEntry.objects.get().change_message == "paused: the ground is frozen"
    assert run_due_jobs() == []
    for address in (LIST, reverse("admin:jobs_backgroundjob_changelist")):
        assert "the ground is frozen" in operator.get(address).content.decode()
    operator.post(LIST, {"action": "resume", "_selected_action": [limit.pk]})
    assert run_due_jobs() == [job]
    assert LogEntry.objects.filter(change_message="resumed").exists()


def test_a_company_gets_a_cap_and_loses_it(operator: Client, company: Company) -> None:
    operator.post(ADD, {"company": str(company.pk), "most": "3"})
    limit = JobLimit.objects.get()
    assert (limit.company, limit.most) == (company, 3)
    page = reverse("admin:jobs_joblimit_change", args=[limit.pk])
    assert operator.get(page).status_code == 200
    operator.post(page, {"most": "", "reason": "they paid"})
    assert JobLimit.objects.get().most is None
    assert LogEntry.objects.latest("pk").change_message == "running: they paid"


@pytest.mark.parametrize("given", [{}, {"job_type": "dig", "company": "theirs"}, {"job_type": "no such type"}])
def test_a_limit_is_of_one_known_thing(operator: Client, company: Company, given: dict[str, str]) -> None:
    asked = {name: str(company.pk) if value == "theirs" else value for name, value in given.items()}
    assert operator.post(ADD, {**asked, "most": "1"}).status_code == 200
    assert not JobLimit.objects.exists()


@pytest.mark.parametrize(("role", "status"), [(READER, 403), (OPERATOR, 302)])
def test_only_who_acts_on_jobs_sets_limits(role: str, status: int) -> None:
    person = User.objects.create_user("staff@example.com", "a long enough password", is_staff=True)
    person.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(person)
    assert client.post(ADD, {"job_type": "dig", "most": "1"}).status_code == status
