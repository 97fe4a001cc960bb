"""OpenAI and Mux as the tests know them, at the pace of real services and with their stumbles.

The paces are assumptions, near what people report of these services; change them here. What is heard and written is
made up: only how long it takes, and how often it is asked, is measured.
"""

from __future__ import annotations

import hashlib
import random
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from tests.fakes import mux as fake_mux
from tests.fakes import openai_ as fake_openai
from tests.fakes.ear import decoded
from tests.fakes.mux import Asset, MuxServer, Upload
from tests.fakes.openai_ import Heard, OpenAIServer
from tests.fakes.pen import segments_of
from tests.fakes.server import Request, Response
from trainings.speech import RATE

HEARING = (0.8, 0.03)
"""Seconds of a transcription, and more for each second of sound."""
WRITING = (2.0, 0.01)
"""Seconds of a completion, and more for each token that it writes."""
ANSWERING = 0.15
"""Seconds of every call to Mux."""
BYTES_A_SECOND = 12.5e6
PREPARING = 20.0
"""Seconds until a video that was sent is ready at Mux."""
JITTER = 0.3
SLOW_EVERY, SLOW = 20, 3.0
"""Every so many calls one takes so many times as long."""
STEPS_EVERY = 12
"""One sentence in so many is a step."""


@dataclass
class Calls:
    """When calls were open, seconds of `time.monotonic`."""

    spans: list[tuple[float, float]] = field(default_factory=list)

    @property
    def longest(self) -> float:
        return max((end - begin for begin, end in self.spans), default=0.0)

    @property
    def waited(self) -> float:
        """Seconds in which at least one call was open."""
        total, until = 0.0, 0.0
        for begin, end in sorted(self.spans):
            total += max(0.0, end - max(begin, until))
            until = max(until, end)
        return total


class SlowOpenAI(OpenAIServer):
    """Hears one step a piece and writes some of them. `stumbles` is the share of calls that fail."""

    def __init__(self, *, pace: float = 1.0, stumbles: float = 0.0) -> None:
        super().__init__(ear=self._hear, pen=_write)
        self.pace = pace
        self.stumbles = stumbles
        self.stumbled = 0
        self.calls = Calls()
        self._random = random.Random(7)  # noqa: S311  the same stumbles each time
        self._turn = threading.Lock()
        self._known: dict[str, int] = {}
        self._count = 0

    def respond(self, request: Request) -> Response:
        began = time.monotonic()
        with self._turn:
            self._count += 1
            stumbles = self._random.random() < self.stumbles
            factor = self._random.uniform(1 - JITTER, 1 + JITTER) * (SLOW if self._count % SLOW_EVERY == 0 else 1)
            self.stumbled += stumbles
        if stumbles:
            time.sleep(0.2 * self.pace)
            return fake_openai.too_many(retry_after="2") if self._count % 2 else fake_openai.OVERLOADED
        response = super().respond(request)
        usage = (response.body or {}).get("usage", {})
        base, each = HEARING if "seconds" in usage else WRITING
        seconds = base + each * float(usage.get("seconds") or usage.get("completion_tokens") or 0)
        time.sleep(max(0.0, seconds * factor * self.pace - (time.monotonic() - began)))
        self.calls.spans.append((began, time.monotonic()))
        return response

    def _hear(self, content: bytes) -> Heard:
        with self._turn:
            number = self._known.setdefault(hashlib.sha256(content).hexdigest(), len(self._known) + 1)
        text = f"Open the menu number {number}. Then everybody at the till can see the total of the day."
        return Heard(text, [], len(decoded(content)) / RATE)


def _write(messages: list[dict[str, str]], schema: dict[str, Any]) -> dict[str, Any]:
    said = [each for each in segments_of(messages) if each["said"].startswith("Open the menu")]
    steps = [
        {"title": each["said"].rstrip("."), "body": "", "cautions": [], "conditions": [], "segments": [each["n"]]}
        for each in said[:: max(1, STEPS_EVERY // 2)]
    ]
    numbers = [step["segments"][0] for step in steps]
    return {"title": "", "chapters": [{"title": "", "segments": numbers, "steps": steps}], "key_points": []}


class SlowMux(MuxServer):
    """Prepares a video for a while, and tells by a webhook when it is ready."""

    def __init__(self, *, pace: float = 1.0) -> None:
        super().__init__()
        self.pace = pace
        self.webhook = ""
        self._ready_at: dict[str, float] = {}

    def respond(self, request: Request) -> Response:
        time.sleep(self.pace * (ANSWERING + len(request.body) / BYTES_A_SECOND))
        return super().respond(request)

    def _finish(self, upload: Upload) -> None:
        super()._finish(upload)
        assert upload.asset_id
        self._ready_at[upload.asset_id] = time.monotonic() + PREPARING * self.pace
        timer = threading.Timer(PREPARING * self.pace + 0.1, self._tell, (upload.asset_id,))
        timer.daemon = True
        timer.start()

    def _look(self, asset: Asset) -> dict[str, Any]:
        asset.looks = int(time.monotonic() < self._ready_at.get(asset.id, 0.0))
        return super()._look(asset)

    def _tell(self, asset_id: str) -> None:
        body = self.event("video.asset.ready", {"id": asset_id}, name=f"ready {asset_id}")
        headers = {"Mux-Signature": fake_mux.signature(body), "Content-Type": "application/json"}
        event = urllib.request.Request(self.webhook, body, headers)  # noqa: S310  our own address
        urllib.request.urlopen(event, timeout=30).close()  # noqa: S310


def environment(openai: OpenAIServer, mux: MuxServer) -> dict[str, str]:
    """Return the variables of an installation that uses both."""
    return {
        "OPENAI_API_KEY": openai.key,
        "OPENAI_BASE_URL": openai.base_url,
        "MUX_TOKEN_ID": fake_mux.TOKEN_ID,
        "MUX_TOKEN_SECRET": fake_mux.TOKEN_SECRET,
        "MUX_BASE_URL": mux.url,
        "MUX_WEBHOOK_SECRET": fake_mux.WEBHOOK_SECRET,
    }
