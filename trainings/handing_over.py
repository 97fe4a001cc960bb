"""When the captions go to the host of the video: as soon as both are there, whichever comes second."""

from __future__ import annotations

from jobs import queue
from trainings import captions_link
from trainings.models import Training, Transcript, Video

JOB_TYPE = "video_captions"


def consider(training: Training) -> None:
    """Enqueue the handing over when video and transcript are there.

    Belongs into the transaction that stores either of them: the training's row makes one wait for the other. The job
    is not the training's own: what the host does with the captions decides nothing about the training.
    """
    if not captions_link.is_reachable():
        return
    Training.objects.select_for_update(no_key=True).get(pk=training.pk)
    heard = Transcript.objects.filter(training=training, completed_at__isnull=False)
    if heard.exists() and Video.objects.filter(training=training, host="mux").exists():
        queue.enqueue(
            JOB_TYPE,
            user=training.user,
            company=training.company,
            input_data={"training": str(training.pk)},
            priority=6,
        )
