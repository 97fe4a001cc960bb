"""A training that somebody deletes while it is still being recorded."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from jobs.testing import run_due_jobs
from tests.e2e.record.conftest import Desk, length
from trainai.accounts.models import User
from trainings import removal
from trainings.models import Training, Upload

pytestmark = pytest.mark.browser


def test_what_becomes_of_it_is_decided_by_who_records_it(desk: Desk, bob: User) -> None:
    desk.record()
    desk.wait_until_safe(2)
    delete(bob)
    expect(desk.strip).to_contain_text(f"{bob} deleted this training. What you record is kept on this computer")
    recorded = desk.shown_seconds() + 1
    desk.wait_until_recorded(recorded)
    desk.button("Stop").click()
    expect(offer(desk)).to_contain_text(f"{bob} deleted the training of your recording from")
    expect(desk.button("Send as a new training")).to_be_focused()
    assert not Training.objects.exists()

    desk.page.reload()
    with desk.page.expect_download() as downloaded:
        desk.button("Download").click()
    assert downloaded.value.suggested_filename.startswith("Recording of")
    kept_bytes = downloaded.value.path().stat().st_size
    assert not Training.objects.exists()
    desk.button("Send as a new training").click()
    training = desk.training()
    assert length(training) > recorded - 1
    assert training.upload.size == kept_bytes
    assert Upload.objects.count() == 2


def test_a_kept_recording_is_not_sent_again_by_itself_either(desk: Desk, bob: User) -> None:
    desk.record()
    desk.wait_until_safe(1)
    desk.context.set_offline(True)
    desk.button("Stop").click()
    expect(desk.strip).to_contain_text("are kept on this computer and will be sent")
    delete(bob)
    desk.page.close()
    desk.context.set_offline(False)
    desk.page = desk.open()
    expect(offer(desk)).to_contain_text(f"{bob} deleted the training of your recording from")
    desk.button("Delete").click()
    expect(offer(desk)).to_have_count(0)
    assert not Training.objects.exists()


def delete(by: User) -> None:
    """Let somebody delete the one training, and the job that removes it run."""
    removal.remove(Training.objects.get(), by=by)
    run_due_jobs(["training_removal"])
    assert not Training.objects.exists()


def offer(desk: Desk) -> Locator:
    return desk.page.locator("kept-recordings .kept")
