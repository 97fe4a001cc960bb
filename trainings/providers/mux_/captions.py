"""Captions as a text track of an asset. Mux fetches them itself: it takes text tracks by address only.

mux.com/docs/guides/add-subtitles-to-your-videos. Mux has no chapters of its own: they belong to a player, and the page
gives ours the same ones for every host.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from jobs.errors import PermanentError, WaitUntil
from trainings.providers.mux_.client import Mux

OURS = "trainai "
"""What the `passthrough` of our tracks begins with; the rest is the digest of their text."""
LOOK = datetime.timedelta(seconds=15)


@dataclass(frozen=True)
class Captions:
    """What Mux is told: `address` is fetched at once, `language` is ISO 639-1, `digest` names the text."""

    address: str
    language: str
    name: str
    digest: str


def hand_over(asset_id: str, captions: Captions) -> None:
    """Make these the only captions of ours that the asset has; return when Mux could read them.

    Doing it again changes nothing. Raises `WaitUntil` while Mux reads them, `PermanentError` when it cannot.
    """
    mux = Mux()
    mark = OURS + captions.digest
    ours = [track for track in mux.text_tracks(asset_id) if track.passthrough.startswith(OURS)]
    for track in ours:
        if track.passthrough != mark or track.status == "errored":
            mux.delete_track(asset_id, track.id)
    current = next((track for track in ours if track.passthrough == mark), None)
    if current is None:
        mux.add_captions(asset_id, captions.address, captions.language, captions.name, mark)
    elif current.status == "errored":
        raise PermanentError(
            "captions_refused",
            "Mux could not read the captions. The page has them all the same. Check that PUBLIC_URL is the address at "
            "which others reach this installation, then retry.",
        )
    elif current.status == "ready":
        return
    raise WaitUntil(timezone.now() + LOOK, "captions_preparing", "Mux is reading the captions.", asset_id)
