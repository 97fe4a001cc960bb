"""What plays at Mux: our addresses and tokens are what its hosts of videos and pictures want, and nothing else is."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from pytest_django.fixtures import Settings

from jobs import queue
from jobs.testing import run_due_jobs
from tests.fakes.mux import MuxServer
from tests.fakes.mux_playback import KEY_ID, MuxPlayback, new_key
from tests.fakes.server import running
from tests.trainings.media.conftest import MakeTraining
from trainings import video_links
from trainings.models import Video

pytestmark = pytest.mark.django_db


@pytest.fixture
def playback(mux: MuxServer, settings: Settings, tmp_path: Path) -> Iterator[MuxPlayback]:
    """The hosts that play what is at Mux, and the key that signs for them."""
    public, settings.MUX_PRIVATE_KEY = new_key()
    settings.MUX_SIGNING_KEY = KEY_ID
    folder = tmp_path / "mux"
    folder.mkdir()
    with running(MuxPlayback(mux, folder, public)) as server:
        settings.MUX_PLAYBACK_URL = server.domain_url
        yield server


@pytest.fixture
def video(playback: MuxPlayback, make_training: MakeTraining) -> Video:
    """A signed one."""
    return publish(make_training)


def publish(make_training: MakeTraining) -> Video:
    training = make_training("good")
    queue.enqueue("mux_upload", user=training.user, company=training.company, training=training)
    run_due_jobs(["mux_upload"])
    return Video.objects.get()


def get(address: str) -> httpx.Response:
    """Fetch from the fake, whose names only a browser knows."""
    parts = urlsplit(address)
    here = parts._replace(netloc=f"127.0.0.1:{parts.port}").geturl()
    return httpx.get(here, headers={"Host": parts.netloc}, trust_env=False, timeout=60)


def addresses_in(playlist: httpx.Response) -> list[str]:
    assert playlist.status_code == 200
    return [line for line in playlist.text.splitlines() if line and not line.startswith("#")]


def test_the_address_with_its_token_leads_to_the_last_piece(video: Video) -> None:
    sizes = addresses_in(get(video_links.stream_url(video)))
    for size in sizes:
        piece = get(addresses_in(get(size))[-1])
        assert (piece.status_code, piece.content[:1]) == (200, b"G")  # the first byte of MPEG-TS
    assert get(sizes[0].replace("signature=", "signature=0")).status_code == 403


def test_the_pictures_over_the_time_bar_come_with_the_same_token(video: Video) -> None:
    cues = get(video_links.storyboard_url(video)).text
    picture = next(line for line in cues.splitlines() if line.startswith("http"))
    assert get(picture.partition("#")[0]).content[:2] == b"\xff\xd8"


def test_a_public_video_needs_no_token(playback: MuxPlayback, make_training: MakeTraining, settings: Settings) -> None:
    settings.MUX_SIGNING_KEY = ""
    address = video_links.stream_url(publish(make_training))
    assert "token" not in address
    assert len(addresses_in(get(address))) == 2


def claims(video: Video, **other: object) -> dict[str, object]:
    return {"sub": video.playback, "aud": "v", "exp": int(time.time()) + 60} | other


def signed(settings: Settings, video: Video, **other: object) -> str:
    key = base64.b64decode(settings.MUX_PRIVATE_KEY)
    return jwt.encode(claims(video, **other), key, algorithm="RS256", headers={"kid": settings.MUX_SIGNING_KEY})


def test_a_wrong_token_opens_nothing(video: Video, settings: Settings) -> None:
    address = video_links.stream_url(video).partition("?")[0]
    assert get(f"{address}?token={signed(settings, video)}").status_code == 200
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    wrong = {
        "another use": signed(settings, video, aud="t"),
        "another video": signed(settings, video, sub="somebody-elses"),
        "over": signed(settings, video, exp=int(time.time()) - 1),
        "without an end": signed(settings, video, exp=None),
        "another key": jwt.encode(claims(video), stranger, algorithm="RS256", headers={"kid": KEY_ID}),
        "no token": "",
    }
    answers = {why: get(f"{address}?token={token}").status_code for why, token in wrong.items()}
    assert answers == dict.fromkeys(wrong, 403)
    assert get(address).status_code == 403
