"""Addresses of media: for members by their session, or signed for ten minutes."""

from __future__ import annotations

from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

from trainings.models import Training

SESSION = "-"
"""The key that says: the session decides."""

SOURCE = "source"
"""The path of the recording as it was uploaded."""

LIFETIME = timedelta(minutes=10)

_signer = TimestampSigner(salt="trainings.media")


def media_url(training: Training, name: str, *, signed: bool = False) -> str:
    """Return the address of `name`: a storage name of this training's, a path in its folder, or `SOURCE`.

    A signed address opens all of the training's media to whoever holds it, for ten minutes: the playlists of a video
    name its other files relative to themselves.
    """
    path = name.removeprefix(f"{training.folder}/")
    return reverse("media", args=[training.pk, sign(training) if signed else SESSION, path])


def opens(key: str, training_id: object) -> bool:
    """Say whether `key` was signed for this training in the last ten minutes."""
    try:
        _signer.unsign(f"{training_id}:{key}", max_age=LIFETIME)
    except BadSignature:  # a signature that is too old is a bad one
        return False
    return True


def sign(training: Training) -> str:
    """Return the key that opens the training's media for ten minutes."""
    return _signer.sign(str(training.pk)).removeprefix(f"{training.pk}:")
