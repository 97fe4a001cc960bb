"""A web process of a release, as far as tables go: it lives through the update and asks, cancels and shows pages.

Reads one JSON list a line, `[verb, argument, ...]`, and answers with one line of JSON.
"""

from __future__ import annotations

import json
import sys
import uuid
from typing import Any

import django

PAGES = ("/", "/jobs/", "/api/jobs/", "/api/trainings/", "/admin/jobs/backgroundjob/", "/accounts/preferences/")
PERSON = "person@example.com"


def enqueue(kind: str, count: int) -> list[str]:
    """Make jobs, one transaction each; return their ids."""
    from jobs import queue
    from trainai.accounts.models import User

    user = User.objects.get(email=PERSON)
    assert user.company
    made = (queue.enqueue(kind, user=user, company=user.company, input_data={"number": at}) for at in range(count))
    return [str(job.pk) for job in made]


def people() -> None:
    """Make the one person, who may also see the admin."""
    from trainai.accounts.models import Company, Membership, User

    user = User.objects.create_superuser(PERSON, "a long enough password")
    Membership.objects.create(user=user, company=Company.objects.create(name="Corner shop"))


def cancel(job: str) -> str:
    """Cancel a job and return its status."""
    from jobs import queue

    return str(queue.cancel(uuid.UUID(job)).status)


def pages() -> dict[str, int]:
    """Open the pages and return their HTTP statuses."""
    from django.test import Client

    from trainai.accounts.models import User

    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(email=PERSON))
    return {page: client.get(page).status_code for page in PAGES}


VERBS: dict[str, Any] = {"enqueue": enqueue, "people": people, "cancel": cancel, "pages": pages}


def main() -> None:
    """Answer until the input ends."""
    django.setup()
    for line in sys.stdin:
        verb, *arguments = json.loads(line)
        print(json.dumps(VERBS[verb](*arguments)), flush=True)


if __name__ == "__main__":
    main()
