"""Publish the video, whoever the host is; `mux_upload` is the name the outside knows this by."""

from __future__ import annotations

import secrets
from dataclasses import asdict, replace
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings

from jobs.context import Context
from jobs.registry import handler
from trainings import endings, faults, files, handing_over, removal, unusable
from trainings.models import Training, Video
from trainings.providers import PublishedVideo, choosing, video_host
from trainings.providers.choosing import Chosen

TIME_LIMIT = 12 * 3600
"""Seconds; three hours of 1080p in two sizes take about as long on two slow cores."""


@handler(
    "mux_upload",
    label="Preparing the video",
    share=0.3,
    ended=endings.consider,
    time_limit=TIME_LIMIT,
    by=lambda: settings.VIDEO_HOST,
    instead=faults.INSTEAD,
    takes={},
)
def mux_upload(context: Context) -> dict[str, Any]:
    """Publish the recording and switch the training to it; what was published before is deleted after that."""
    training = Training.objects.select_related("upload").get(jobs=context.job)
    published = PublishedVideo(**context.step("publish", lambda: _publish(context, training)))
    before = Video.objects.filter(training=training).exclude(host=published.host).first()
    with context.owned():
        Video.objects.update_or_create(training=training, defaults=asdict(published))
        Training.objects.filter(pk=training.pk).update(duration=published.duration)
        handing_over.consider(training)
    _delete_unused(training)
    if before:
        removal.unpublish(before)
    return {"host": published.host, "playback": published.playback, "duration": published.duration}


def _publish(context: Context, training: Training) -> dict[str, Any]:
    unusable.require_bytes(training.upload)
    _delete_unused(training)  # what an attempt left that was killed while it stored
    recording = files.local(training.upload.name, context)
    folder = f"{training.folder}/video-{secrets.token_hex(8)}"

    def publish(who: Chosen) -> PublishedVideo:
        published = video_host(who.name).publish(recording, folder=folder, work=context)
        return replace(published, instead_of=who.instead_of)

    return asdict(choosing.do("video_host", training.company_id, publish))


def _delete_unused(training: Training) -> None:
    """Delete every folder of a video but the one that is played, or that holds its poster."""
    video = Video.objects.filter(training=training).first()
    used = (video.playback, video.poster) if video else ()
    for folder in files.folders(training.folder):
        # A folder half moved in has a dot before its name.
        if PurePosixPath(folder).name.lstrip(".").startswith("video-") and not any(
            name.startswith(f"{folder}/") for name in used
        ):
            files.delete_folder(folder)
