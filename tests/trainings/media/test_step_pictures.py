"""Every step gets its picture, one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.errors import PermanentError
from tests.trainings.media.conftest import MakeTraining
from tests.trainings.plain_context import PlainContext
from trainings.handlers.step_pictures import step_pictures
from trainings.models import Chapter, Sop, Step, Training

pytestmark = pytest.mark.django_db


def write_steps(training: Training, *starts: float) -> list[Step]:
    sop = Sop.objects.create(training=training)
    facts = {"sop": sop, "evidence": [0]}
    chapter = Chapter.objects.create(position=0, start=0, end=12, title="All", **facts)
    return [
        Step.objects.create(position=n, start=at, end=at + 2, title=f"Do {n}", chapter=chapter, **facts)
        for n, at in enumerate(starts)
    ]


def test_each_step_gets_a_picture_its_moment_and_a_text(
    make_training: MakeTraining, scratch: Path, media_root: Path
) -> None:
    training = make_training("small_changes")
    steps = write_steps(training, 3, 6, 9)
    context = PlainContext(training, "step_pictures", scratch)
    assert step_pictures(context) == {"pictures": 3}
    for step in steps:
        step.refresh_from_db()
        assert (media_root / step.picture).read_bytes()[8:12] == b"WEBP"
        assert step.picture.startswith(f"{training.folder}/")
        assert step.picture_at is not None
        assert step.start <= step.picture_at <= step.end
        assert step.picture_alt == f"Screen at 0:{int(step.picture_at):02}: {step.title}"
    assert [step.seen for step in steps] == [False, True, True]
    assert context.messages[1] == "Picture 2 of 3"


def test_a_retry_goes_on_behind_the_pictures_that_are_there(
    make_training: MakeTraining, scratch: Path, media_root: Path
) -> None:
    training = make_training("small_changes")
    first, second = write_steps(training, 3, 6)
    context = PlainContext(training, "step_pictures", scratch)
    step_pictures(context)
    first.refresh_from_db()
    (media_root / first.picture).write_bytes(b"kept")
    del context.steps[f"picture {second.pk}"]
    assert step_pictures(context) == {"pictures": 2}
    assert (media_root / first.picture).read_bytes() == b"kept"


def test_pictures_of_steps_written_anew_are_deleted(
    make_training: MakeTraining, scratch: Path, media_root: Path
) -> None:
    training = make_training("small_changes")
    write_steps(training, 3)
    step_pictures(PlainContext(training, "step_pictures", scratch))
    training.sop.delete()
    (step,) = write_steps(training, 6)
    step_pictures(PlainContext(training, "step_pictures", scratch))
    step.refresh_from_db()
    pictures = (media_root / training.folder / "pictures").iterdir()
    assert [str(path.relative_to(media_root)) for path in pictures] == [step.picture]


def test_sound_alone_has_no_pictures_and_says_so(make_training: MakeTraining, scratch: Path) -> None:
    training = make_training("without_picture")
    (step,) = write_steps(training, 0.5)
    context = PlainContext(training, "step_pictures", scratch)
    with pytest.raises(PermanentError, match="sound only") as failure:
        step_pictures(context)
    assert failure.value.code == "no_video_track"
    step.refresh_from_db()
    assert (step.picture, step.seen) == ("", None)


def test_no_steps_need_no_pictures(make_training: MakeTraining, scratch: Path) -> None:
    training = make_training("good")
    assert step_pictures(PlainContext(training, "step_pictures", scratch)) == {"pictures": 0}
