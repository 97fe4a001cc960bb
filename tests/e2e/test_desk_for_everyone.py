"""The operators' desk for everybody: axe finds nothing serious, wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jobs.models import BackgroundJob, JobLimit
from tests.e2e import desk_story
from tests.e2e.axe import serious
from tests.e2e.conftest import Visit
from tests.trainings.real_server import RealServer
from trainai.accounts.models import User

pytestmark = pytest.mark.browser
LIST = "/admin/jobs/backgroundjob/"


@pytest.fixture
def operator(live_site: RealServer) -> User:
    return User.objects.create_superuser("operator@example.com", "a long enough password")


@pytest.fixture
def jobs(alice: User, charlie: User, operator: User) -> dict[str, BackgroundJob]:
    return desk_story.lay(alice, charlie, operator)


PAGES: dict[str, Callable[[dict[str, BackgroundJob]], str]] = {
    "dashboard": lambda jobs: "/admin/",
    "list": lambda jobs: LIST,
    "list of what ended": lambda jobs: f"{LIST}?state=failed&ended=week",
    "a job that runs": lambda jobs: f"{LIST}{jobs['working'].pk}/change/",
    "a job that failed": lambda jobs: f"{LIST}{jobs['failed'].pk}/change/",
    "the question before a bulk action": lambda jobs: f"{LIST}act/cancel/?state=waiting",
    "priority": lambda jobs: f"{LIST}act/prioritise/?state=waiting",
    "workers": lambda jobs: "/admin/jobs/worker/",
    "schedules": lambda jobs: "/admin/django_q/schedule/",
    "limits": lambda jobs: "/admin/jobs/joblimit/",
    "a limit": lambda jobs: f"/admin/jobs/joblimit/{JobLimit.objects.get().pk}/change/",
}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_every_page_of_the_desk_is_for_everybody(
    jobs: dict[str, BackgroundJob], operator: User, visit: Visit, width: int, scheme: str
) -> None:
    for name, path_of in PAGES.items():
        page = visit(operator, path_of(jobs), width=width, color_scheme=scheme)
        page.wait_for_load_state()
        found = serious(page)
        assert not found, f"{name}:\n" + "\n".join(found)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        page.close()
