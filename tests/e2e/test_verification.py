"""The guide's tests, run by the command against a running installation."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from operator import itemgetter

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from jobs.models import BackgroundJob
from tests.trainings.real_server import RealServer
from trainai.accounts.models import User
from trainings.models import Training, Upload
from trainings.verification import report
from trainings.verification.result import Result
from trainings.verification.tests import most_passed

LINES = ["Job Creation", "Job Processing", "Real-time Updates", "Error Handling", "Job Cancellation", "Performance"]


@pytest.mark.usefixtures("workers")
def test_the_running_installation_passes_and_is_left_as_it_was(
    live_site: RealServer, settings: Settings, alice: User
) -> None:
    settings.PORT = live_site.address[1]
    out = StringIO()
    call_command("verify_background_processing", "--json", stdout=out, stderr=StringIO())
    told = json.loads(out.getvalue())
    assert (told["status"], told["issues"]) == ("READY", [])
    assert list(told["results"]) == LINES
    assert list(User.objects.all()) == [alice]
    for rows in (BackgroundJob, Training, Upload):
        assert not rows.objects.exists()


def test_a_less_urgent_job_that_began_first_has_passed_the_others() -> None:
    morning = datetime(2026, 1, 1, tzinfo=UTC)
    begun = [(morning + timedelta(seconds=second), priority) for second, priority in enumerate([1, 9, 2, 3, 3, 10])]
    assert most_passed(begun) == 3
    assert most_passed(sorted(zip(map(itemgetter(0), begun), sorted(map(itemgetter(1), begun)), strict=True))) == 0


def test_what_is_wrong_is_an_issue_with_its_mend() -> None:
    broken = Result("Real-time Updates")
    broken.check(False, "No web server answers.", "Start it.")
    told = report.as_text([Result("Job Creation"), broken])
    assert "- Job Creation: PASS" in told
    assert "- Real-time Updates: FAIL" in told
    assert "1. No web server answers." in told
    assert "1. Start it." in told
    assert told.endswith("Overall Status: NEEDS WORK")
