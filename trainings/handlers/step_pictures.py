"""Give each step the still that shows it best. One by one, so that the page fills in and a retry goes on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from jobs.context import Context
from jobs.registry import handler
from trainings import files, notices
from trainings.media import frames
from trainings.media.probe import probe
from trainings.media.recording import Recording
from trainings.models import Step, Training

SEEN_CHANGE = 0.0012
"""Part of the screen that must change at a step for it to count as seen. Measured on the sample recording (1280 x 720):
a pointer that moved 0.0008, a box ticked 0.003, a number typed 0.007, a row opened 0.03, a new page 0.1 to 0.7."""


@handler("step_pictures", label="Pictures", ended=notices.consider)
def step_pictures(context: Context) -> dict[str, Any]:
    """Store a picture for every step. A recording without one completes with none and says so."""
    training = Training.objects.select_related("upload").get(jobs=context.job)
    steps = list(Step.objects.filter(sop__training=training))
    _delete_unused(training, steps)
    if not steps:
        return {"pictures": 0}
    recording = probe(files.local(training.upload.name, context.scratch), work=context)
    if not recording.video:
        context.report(99, "This recording has sound only, so its steps have no pictures")
        return {"pictures": 0, "reason": "no_video_track"}
    recording = frames.seekable(recording, work=context)
    pictures = 0
    for number, step in enumerate(steps):
        context.report(100 * number / len(steps), f"Picture {number + 1} of {len(steps)}")
        pictures += context.step(f"picture {step.pk}", partial(_take, context, training, recording, step))
    return {"pictures": pictures}


def _take(context: Context, training: Training, recording: Recording, step: Step) -> bool:
    """Store the picture of one step; False when nothing is shown there."""
    still = frames.best_still(recording, step.start, step.end, work=context)
    made = context.scratch / f"{step.pk}.webp"
    if not still or not frames.write_still(recording, still.at, made, work=context):
        _update(context, step, seen=False)
        return False
    name = _name(training, step)
    context.check()
    files.store(made, name)
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
