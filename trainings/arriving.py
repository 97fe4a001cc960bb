"""A training whose recording is still being made and sent: what its page and its card say until the last byte."""

from __future__ import annotations

import datetime
from dataclasses import replace

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from jobs.telling import State
from trainings import progress, standing
from trainings.exports import clock
from trainings.models import Upload
from trainings.progress import Overview, Part

STATUS = "recording"
SILENT = datetime.timedelta(minutes=2)
"""Without a piece for so long it is paused, cut off or forgotten; a recorder sends one every second or two."""


def overview(upload: Upload, now: datetime.datetime) -> Overview:
    """Return the whole in one line."""
    if last_piece(upload) > now - SILENT:
        told = _("It is being recorded. What was said and shown until now is safe on the server.")
        return Overview(STATUS, State.WORKING, _("Recording"), told, None)
    told = _(
        "Nothing has come for a while: it is paused, or was cut off. "
        "The computer that records it keeps the rest; open “New training” there to send it."
    )
    return Overview(STATUS, State.WAITING, _("Recording stopped"), told, None)


def parts(upload: Upload, now: datetime.datetime, heard_until: float = 0.0) -> list[Part]:
    """Return the recording, and what will be made of it. `heard_until`: the second up to which it was heard along."""
    whole = overview(upload, now)
    told = _("%(size)s are safe on the server") % {"size": filesizeformat(upload.offset)}
    recording = Part("recording", _("Recording"), whole.state, whole.word, told)
    waiting = [_waiting(job_type) for job_type in standing.JOB_TYPES]
    if heard_until:
        waiting[0] = replace(waiting[0], state=State.WORKING, word=_("working"), sentence=_along(heard_until))
    return [recording, *waiting]


def _along(heard_until: float) -> str:
    return _("listens along, heard up to %(time)s") % {"time": clock(heard_until)}


def _waiting(job_type: str) -> Part:
    told = _("waits for the end of the recording")
    return Part(job_type, progress.label(job_type), State.WAITING, _("waiting"), told)


def last_piece(upload: Upload) -> datetime.datetime:
    """Return when the last piece came."""
    return upload.expires_at - datetime.timedelta(hours=settings.UPLOAD_KEPT_HOURS)
