"""What lies at Mux and belongs to no training any more, or to one whose publishing was given up."""

from __future__ import annotations

import datetime
import logging

from django.utils import timezone

from jobs.errors import JobError
from jobs.models import BackgroundJob
from trainings.models import HostedVideo, Training, Video
from trainings.providers.mux_.host import MuxHost

logger = logging.getLogger("trainings")
KEPT = datetime.timedelta(hours=24)
"""How long a publishing that was cancelled or failed can go on with what Mux already has."""
ACTIVE = (BackgroundJob.Status.PENDING, BackgroundJob.Status.PROCESSING)


def sweep() -> int:
    """Delete it and return how many. What Mux refuses now is tried again the next time."""
    return sum(_discard(row) for row in HostedVideo.objects.iterator() if _is_left_over(row))


def _is_left_over(row: HostedVideo) -> bool:
    if row.playback_id and Video.objects.filter(playback=row.playback_id).exists():
        return False
    jobs = BackgroundJob.objects.filter(training_id=row.training_id, job_type="mux_upload", status__in=ACTIVE)
    if jobs.exists():
        return False
    return not Training.objects.filter(pk=row.training_id).exists() or row.created_at < timezone.now() - KEPT


def _discard(row: HostedVideo) -> bool:
    try:
        MuxHost().discard(row)
    except JobError as error:
        logger.warning("the video of training %s stays at Mux for now: %s", row.training_id, error.code)
        return False
    return True
