"""Who made each part of a training, and where one provider stood in for another."""

from __future__ import annotations

from typing import TypedDict

from django.utils.translation import gettext as _

from trainings.models import Training


class Maker(TypedDict):
    """`by` as the provider names itself; `instead_of` is empty when nobody stood in."""

    by: str
    instead_of: str


def of(training: Training) -> dict[str, Maker | None]:
    """Return who made the transcript, the steps and the video; None for what is not there."""
    transcript, sop, video = (getattr(training, name, None) for name in ("transcript", "sop", "video"))
    return {
        "transcript": _maker(transcript.model, transcript.instead_of) if transcript else None,
        "steps": _maker(sop.writer, sop.instead_of) if sop else None,
        "video": _maker(video.host, video.instead_of) if video else None,
    }


def sentences(training: Training) -> list[str]:
    """Say where somebody stood in, one sentence a part."""
    words = {
        "transcript": _("%(other)s could not listen, so %(by)s did."),
        "steps": _("%(other)s could not write the steps, so %(by)s did."),
        "video": _("%(other)s could not take the video, so it streams from here."),
    }
    made = of(training)
    return [
        words[part] % {"other": NAMES.get(maker["instead_of"], maker["instead_of"]), "by": maker["by"]}
        for part, maker in made.items()
        if maker and maker["instead_of"]
    ]


NAMES = {"openai": "OpenAI", "mux": "Mux"}
"""As their owners write them."""


def _maker(by: str, instead_of: str) -> Maker | None:
    return {"by": by, "instead_of": instead_of} if by else None
