"""Gives a video elsewhere its captions, so that they are also there where its playlist plays without our page."""

from __future__ import annotations

import hashlib
from typing import Any

from jobs.context import Context
from jobs.registry import handler
from trainings import captions_link, exports, handing_over, languages
from trainings.models import HostedVideo, Training, Transcript

UNKNOWN = "und"
"""What BCP 47 calls a language that nobody could tell."""


@handler(handing_over.JOB_TYPE, label="Handing over the captions")
def run(context: Context) -> dict[str, Any]:
    """Have Mux fetch the captions as they are now, and wait until it could read them."""
    training = Training.objects.filter(pk=context.input["training"], deleted_at=None, video__host="mux").first()
    transcript = Transcript.objects.filter(training=training).first() if training else None
    row = HostedVideo.objects.filter(training_id=training.pk).exclude(asset_id="").first() if training else None
    if training is None or transcript is None or row is None or not transcript.segments.exists():
        return {"handed_over": False}
    from trainings.providers.mux_ import captions  # its client only where Mux is used

    text = exports.vtt(transcript.segments.all())
    captions.hand_over(
        row.asset_id,
        captions.Captions(
            address=captions_link.address(training),
            language=transcript.language or UNKNOWN,
            name=languages.name_of(transcript.language) if transcript.language else "Captions",
            digest=hashlib.sha256(text.encode()).hexdigest(),
        ),
    )
    return {"handed_over": True}
