"""When the shipped recording becomes the first training. That it does is what the browser tests show."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.trainings.making import bare_training
from trainai import sample
from trainai.accounts.models import User
from trainings.models import Training


@pytest.fixture(autouse=True)
def local_installation(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATABASE_URL = ""
    settings.VAR_DIR = tmp_path


def test_a_first_start_makes_the_sample(db: None) -> None:
    child = sample.child()
    assert child
    assert child.once
    assert str(sample.RECORDING) in child.argv
    assert sample.RECORDING.exists()


def test_a_sample_that_was_made_is_not_made_again_even_when_a_person_deleted_it(db: None) -> None:
    sample.remember()
    assert sample.child() is None


def test_a_start_that_was_interrupted_leaves_the_rest_to_the_workers(alice: User) -> None:
    bare_training(alice)
    assert sample.child() is None
    Training.objects.all().delete()
    assert sample.child() is None


def test_a_database_of_ones_own_gets_no_sample(db: None, settings: LazySettings) -> None:
    settings.DATABASE_URL = "postgresql://somewhere/else"
    assert sample.child() is None
