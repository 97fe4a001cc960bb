"""The language that is spoken, chosen before a file is sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from trainai.accounts.models import User
from trainings.models import Training

pytestmark = pytest.mark.browser
TRAINING = re.compile(r"/trainings/[0-9a-f-]{36}/$")
Make = Callable[..., Path]


def test_a_file_takes_along_the_language_that_was_chosen(alice: User, visit: Visit, video_file: Make) -> None:
    page = visit(alice, "/trainings/new/")
    choice = page.get_by_label("Spoken language")
    expect(choice).to_have_value("")
    choice.select_option("German")
    page.set_input_files("#files", video_file("refund.mp4"))
    page.wait_for_url(TRAINING)
    assert Training.objects.get().spoken_language == "de"

    page.goto("/trainings/new/")
    expect(choice).to_have_value("de")  # as it was last time
    choice.select_option("Detect")
    page.set_input_files("#files", video_file("audit.mp4"))
    page.wait_for_url(TRAINING)
    assert Training.objects.order_by("-created_at")[0].spoken_language == ""
