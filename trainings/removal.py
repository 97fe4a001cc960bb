"""Deleting a training: nobody sees it from now on, its jobs stop, and a job removes its rows and every file of it.

A job, because a running one may still write for a moment: only when the last of them has ended are the files
really gone, and a machine that dies in between must go on with it later.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from jobs import cancelling, queries, queue
from jobs.errors import NotAllowed
from jobs.models import BackgroundJob, JobAttempt
from trainai.accounts.models import User
from trainings import files, providers
from trainings.models import HostedVideo, Training, Upload, Video

ACTIVE = (BackgroundJob.Status.PENDING, BackgroundJob.Status.PROCESSING)
WINDING_DOWN = timedelta(seconds=queries.LEASE_SECONDS)
"""How long the process of a cancelled attempt may still write: it hears of it by its next heartbeat at the latest."""

UPLOAD = "upload"
"""The step of a removal that keeps whose recording it was."""


def remove(training: Training, *, by: User) -> None:
    """Delete a training for the person `by`. Doing it twice is no error."""
    with transaction.atomic():
        # The jobs first: one that stores what it made has locked its place in the queue and wants the training's row.
        cancel_jobs(training, by=by)
        changed = Training.objects.filter(pk=training.pk, deleted_at=None).update(deleted_at=timezone.now())
        if not changed:
            return
        # Not a job of the training's own: it ends after the training's rows are gone.
        queue.enqueue(
            "training_removal",
            user=by,
            company=training.company,
            input_data={"training": str(training.id), "title": training.title},
            priority=3,
            run_at=quiet_from(training),
        )


def job_of(upload: Upload) -> BackgroundJob | None:
    """Return the job that removes, or removed, the training of an upload; None when nobody deleted one."""
    jobs = BackgroundJob.objects.filter(company=upload.company_id, job_type="training_removal")
    training = Training.objects.filter(upload=upload).first()
    if training:
        known = {"input_data__training": str(training.pk)}
    else:
        known = {"steps__name": UPLOAD, "steps__result": str(upload.pk)}
    return jobs.filter(**known).select_related("user").first()


def cancel_jobs(training: Training, *, by: User | None = None) -> None:
    """Cancel whatever is still to be done for it."""
    for job in BackgroundJob.objects.filter(training=training, status__in=ACTIVE).order_by("created_at"):
        try:
            cancelling.cancel(job.id, by=by) if by else queue.cancel(job.id)
        except NotAllowed:
            continue  # it ended by itself in this moment


def quiet_from(training: Training) -> datetime | None:
    """Return from when on no process can write files of the training any more; None when none can now."""
    cancelled = JobAttempt.objects.filter(job__training=training, outcome=JobAttempt.Outcome.CANCELLED)
    last = cancelled.aggregate(last=Max("ended_at"))["last"]
    quiet: datetime | None = last and last + WINDING_DOWN
    return quiet if quiet and quiet > timezone.now() else None


def erase(training: Training) -> None:
    """Delete what was published, the files and the rows, in this order: what fails can be tried again."""
    video = Video.objects.filter(training=training).first()
    if video:
        unpublish(video)
    for unfinished in HostedVideo.objects.filter(training_id=training.pk):
        from trainings.providers.mux_ import MuxHost  # its client only where Mux was used

        MuxHost().discard(unfinished)
    files.delete_folder(training.folder)
    upload = training.upload
    with transaction.atomic():
        training.delete()
        upload.discard()


def unpublish(video: Video) -> None:
    """Have its host delete a video. Doing it twice is no error."""
    providers.video_host(video.host).delete(published(video))


def published(video: Video) -> providers.PublishedVideo:
    """Return the row as the value its host knows."""
    return providers.PublishedVideo(
        host=video.host,
        playback=video.playback,
        poster=video.poster,
        width=video.width,
        height=video.height,
        duration=video.duration,
    )
