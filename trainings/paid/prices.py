"""What models cost, in US dollars.

Sources: developers.openai.com/api/docs/models/<name> and /api/docs/pricing, November 2026. Speech models billed by
tokens are counted with OpenAI's own estimate per minute, from the same pages. Other prices come by `OPENAI_PRICES`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

MILLION = Decimal(1_000_000)
MICRO = Decimal("0.000001")


class BadPrice(ValueError):
    """An entry of `OPENAI_PRICES` that cannot be read."""


@dataclass(frozen=True)
class Price:
    """Per minute of sound, or per million tokens in and out."""

    minute: Decimal = Decimal(0)
    input: Decimal = Decimal(0)
    output: Decimal = Decimal(0)

    def of(self, *, seconds: float = 0.0, input_tokens: int = 0, output_tokens: int = 0) -> Decimal:
        """Return the price of a call. Sound is billed by the second, begun ones whole."""
        sound = self.minute * math.ceil(seconds) / 60
        text = (self.input * input_tokens + self.output * output_tokens) / MILLION
        return (sound + text).quantize(MICRO)


KNOWN = {
    "gpt-transcribe": Price(minute=Decimal("0.0045")),
    "whisper-1": Price(minute=Decimal("0.006")),
    "gpt-4o-transcribe": Price(minute=Decimal("0.006")),
    "gpt-4o-mini-transcribe": Price(minute=Decimal("0.003")),
    "gpt-4o-transcribe-diarize": Price(minute=Decimal("0.006")),
    "gpt-6-luna": Price(input=Decimal("0.10"), output=Decimal("0.50")),
    "gpt-5.6-luna": Price(input=Decimal("0.20"), output=Decimal("1.20")),
}
_VERSION = re.compile(r"-\d{4}-\d{2}-\d{2}$")
_ENTRY = re.compile(
    r"(?P<name>[^=\s]+)=(?:(?P<minute>\d+(?:\.\d+)?)/min|(?P<input>\d+(?:\.\d+)?):(?P<output>\d+(?:\.\d+)?))"
)


def price_of(model: str) -> Price | None:
    """Return the price of a model, None when nobody knows it. Raises `BadPrice`.

    A version ("gpt-4o-mini-transcribe-2025-12-15") costs what its model does, unless it has a price of its own.
    """
    known = {**KNOWN, **_configured()}
    return known.get(model) or known.get(_VERSION.sub("", model))


def _configured() -> dict[str, Price]:
    prices = {}
    for entry in settings.OPENAI_PRICES:
        found = _ENTRY.fullmatch(entry)
        if not found:
            raise BadPrice(entry)
        amounts = {name: Decimal(found[name]) for name in ("minute", "input", "output") if found[name]}
        prices[found["name"]] = Price(**amounts)
    return prices
