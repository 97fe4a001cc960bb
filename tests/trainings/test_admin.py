"""The admin looks, renames, deletes and gives up; it makes nothing."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from jobs.testing import run_due_jobs
from tests.trainings.making import ready_training
from tests.trainings.tus_client import TusClient
from trainai.accounts import roles
from trainai.accounts.models import User
from trainings import pipeline
from trainings.models import Training, Upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]


@pytest.fixture(autouse=True)
def _plain_static(settings: Settings) -> None:
    """No built assets are needed to see an admin page."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def operator(db: None) -> Client:
    """Signed in as somebody who runs the installation."""
    client = Client()
    client.force_login(User.objects.create_superuser("operator@example.com", "a long enough password"))
    return client


def test_trainings_can_be_looked_at_but_not_made(operator: Client, alice: User) -> None:
    training = ready_training(alice)
    listed = operator.get(reverse("admin:trainings_training_changelist"), {"q": "Refund"})
    assert "Refund an order" in listed.content.decode()
    assert operator.get(reverse("admin:trainings_training_change", args=[training.id])).status_code == 200
    assert operator.get(reverse("admin:trainings_training_add")).status_code == 403
    assert operator.get(reverse("admin:trainings_upload_changelist")).status_code == 200
    assert operator.get(reverse("admin:trainings_upload_change", args=[training.upload_id])).status_code == 200


def test_only_the_title_can_be_changed(operator: Client, alice: User, bob: User) -> None:
    training = ready_training(alice)
    page = reverse("admin:trainings_training_change", args=[training.id])
    operator.post(page, {"title": "Give money back", "user": str(bob.id), "duration": "99"})
    training.refresh_from_db()
    assert (training.title, training.title_is_suggested) == ("Give money back", False)
    assert (training.user, training.duration) == (alice, None)


def test_deleting_takes_the_files_along(operator: Client, alice: User) -> None:
    training = ready_training(alice)
    page = reverse("admin:trainings_training_delete", args=[training.id])
    assert "Refund an order" in operator.get(page).content.decode()
    operator.post(page, {"post": "yes"})
    run_due_jobs(["training_removal"])
    assert not Training.objects.exists()
    assert not training.upload.path.exists()


def test_several_are_deleted_from_the_list(operator: Client, alice: User) -> None:
    for _ in range(2):
        ready_training(alice)
    ids = [str(pk) for pk in Training.objects.values_list("pk", flat=True)]
    chosen = {"action": "delete_selected", "_selected_action": ids, "post": "yes"}
    operator.post(reverse("admin:trainings_training_changelist"), chosen)
    run_due_jobs(["training_removal"])
    assert not Training.objects.exists()


def test_an_open_upload_is_given_up_and_a_complete_one_stays(operator: Client, alice: User) -> None:
    training = ready_training(alice)
    TusClient(alice).start(10)
    ids = [str(pk) for pk in Upload.objects.values_list("pk", flat=True)]
    operator.post(reverse("admin:trainings_upload_changelist"), {"action": "give_up", "_selected_action": ids})
    assert training.upload.path.exists()
    assert Upload.objects.get(finished_at=None, discarded_at__isnull=False).is_gone


def test_whoever_may_only_look_gives_nothing_up(alice: User) -> None:
    TusClient(alice).start(10)
    reader = User.objects.create_user("reader@example.com", "a long enough password", is_staff=True)
    reader.groups.add(Group.objects.get(name=roles.READER))
    client = Client()
    client.force_login(reader)
    page = reverse("admin:trainings_upload_changelist")
    assert client.get(page).status_code == 200
    client.post(page, {"action": "give_up", "_selected_action": [str(Upload.objects.get().pk)]})
    assert not Upload.objects.get().is_gone


def test_a_recording_that_is_given_up_takes_its_training_along(operator: Client, alice: User) -> None:
    TusClient(alice).start(10)
    pipeline.begin(Upload.objects.get())
    ids = [str(Upload.objects.get().pk)]
    operator.post(reverse("admin:trainings_upload_changelist"), {"action": "give_up", "_selected_action": ids})
    assert not Training.objects.visible_to(alice).exists()
