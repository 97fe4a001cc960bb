"""The log of what people did to jobs: Django's own, which the admin shows."""

from __future__ import annotations

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType

from jobs import registry
from jobs.models import BackgroundJob
from trainai.accounts.models import User


def write(job: BackgroundJob, *, by: User, message: str) -> None:
    """Note what somebody did, in the transaction that does it."""
    LogEntry.objects.create(
        user=by,
        # Asked for anew: where a dump was read back while we run, it may have another number than before.
        content_type=ContentType.objects.get(app_label="jobs", model="backgroundjob"),
        object_id=str(job.pk),
        object_repr=f"{registry.label(job.job_type)} {job.pk}"[:200],
        action_flag=CHANGE,
        change_message=message,
    )
