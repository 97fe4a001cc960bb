"""Addresses at which a video at Mux plays: open ones, or with a token that is good for a while.

Tokens: mux.com/docs/guides/secure-video-playback and /signing-jwts: RS256, `sub` the playback id, `aud` what it opens,
`kid` the signing key.
"""

from __future__ import annotations

import base64
import binascii
import time
from typing import Literal

import jwt
from django.conf import settings

from jobs.errors import PermanentError
from trainings.models import HostedVideo

SLACK = 3600
"""Seconds a token outlives the video's length: where it ends in the middle, the page must fetch another."""

Kind = Literal["v", "t", "s", "g"]
"""Video, thumbnail, storyboard, animated picture."""


def stream_url(playback_id: str, *, duration: float) -> str:
    """Return the address of the playlist, with a token when the video was published with signing."""
    return _with_token(f"{_host('stream')}/{playback_id}.m3u8", playback_id, "v", duration)


def storyboard_url(playback_id: str, *, duration: float) -> str:
    """Return the address of the storyboard (mux.com/docs/guides/create-timeline-hover-previews), with its token."""
    return _with_token(f"{_host('image')}/{playback_id}/storyboard.vtt", playback_id, "s", duration)


def _host(name: str) -> str:
    return str(settings.MUX_PLAYBACK_URL.replace("://", f"://{name}."))


def _with_token(address: str, playback_id: str, kind: Kind, duration: float) -> str:
    signed = HostedVideo.objects.filter(playback_id=playback_id).values_list("signed", flat=True).first()
    return f"{address}?token={token(playback_id, kind, duration=duration)}" if signed else address


def token(playback_id: str, kind: Kind, *, duration: float = 0.0) -> str:
    """Return a token for one playback id and one use. Raises `PermanentError` when the key cannot be read."""
    claims = {"sub": playback_id, "aud": kind, "exp": int(time.time() + duration + SLACK)}
    try:
        key = base64.b64decode(settings.MUX_PRIVATE_KEY, validate=True)
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": settings.MUX_SIGNING_KEY})
    except (binascii.Error, ValueError, TypeError, jwt.PyJWTError):
        raise PermanentError(
            "key_refused", "MUX_PRIVATE_KEY cannot be read: set it as Mux gave it, in Base64."
        ) from None
