"""Give each step the still that shows it best. One by one, so that the page fills in and a retry goes on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from jobs.context import Context
from jobs.errors import PermanentError
from jobs.registry import handler
from trainings import faults, files, notices
from trainings.media import frames
from trainings.media.frames import Still
from trainings.media.probe import probe
from trainings.media.recording import Recording
from trainings.models import Step, Training

SEEN_CHANGE = 0.0012
"""Part of the screen that must change at a step for it to count as seen. Measured on the sample recording (1280 x 720):
a pointer that moved 0.0008, a box ticked 0.003, a number typed 0.007, a row opened 0.03, a new page 0.1 to 0.7."""


@handler(
    "step_pictures",
    label="Pictures",
    share=0.3,
    ended=notices.consider,
    instead=faults.INSTEAD,
    takes={},
)
def step_pictures(context: Context) -> dict[str, Any]:
    """Store a picture for every step. Raises `PermanentError` `no_video_track`, and what its tools raise."""
    training = Training.objects.select_related("upload").get(jobs=context.job)
    steps = list(Step.objects.filter(sop__training=training))
    _delete_unused(training, steps)
    if not steps:
        return {"pictures": 0}
    recording = probe(files.local(training.upload.name, context), work=context)
    if not recording.video:
        raise PermanentError(
            "no_video_track",
            "This recording has sound only, so its steps have no pictures. For pictures, record the screen as well.",
        )
    _take(context, training, frames.seekable(recording, work=context), steps)
    return {"pictures": Step.objects.filter(sop__training=training).exclude(picture="").count()}


def _take(context: Context, training: Training, recording: Recording, steps: Sequence[Step]) -> None:
    """Store the pictures that are not there yet, each as soon as it is found."""
    stored = context.stored_steps()
    wanted = [step for step in steps if _mark(step) not in stored]
    first = len(steps) - len(wanted) + 1

    def tell(number: int) -> None:
        if number <= len(steps):
            context.report(100 * (number - 1) / len(steps), f"Picture {number} of {len(steps)}")

    def on_still(number: int, still: Still | None) -> None:
        step = wanted[number]
        context.step(_mark(step), partial(_keep, context, training, step, still))
        tell(first + number + 1)

    tell(first)
    frames.take_stills(recording, [(step.start, step.end) for step in wanted], work=context, on_still=on_still)


def _mark(step: Step) -> str:
    return f"picture {step.pk}"


def _keep(context: Context, training: Training, step: Step, still: Still | None) -> bool:
    """Store the picture of one step; False when nothing is shown there."""
    if not still:
        _update(context, step, seen=False)
        return False
    name = _name(training, step)
    context.check()
    files.store(still.picture, name)
    _update(
        context,
        step,
        picture=name,
        picture_at=round(still.at, 3),
        picture_alt=_alternative_text(step, still.at),
        seen=still.change >= SEEN_CHANGE,
    )
    return True


def _update(context: Context, step: Step, **values: str | float | bool) -> None:
    with context.owned():
        Step.objects.filter(pk=step.pk).update(**values)


def _alternative_text(step: Step, at: float) -> str:
    minutes, seconds = divmod(int(at), 60)
    return f"Screen at {minutes}:{seconds:02}: {step.title}"[:300]


def _delete_unused(training: Training, steps: Sequence[Step]) -> None:
    """Delete the pictures of steps that were written anew since, and what a killed attempt left half stored."""
    used = {_name(training, step) for step in steps}
    for name in files.names(_folder(training)):
        if name not in used:
            files.delete(name)


def _name(training: Training, step: Step) -> str:
    return f"{_folder(training)}/{step.pk}.webp"


def _folder(training: Training) -> str:
    return f"{training.folder}/pictures"
