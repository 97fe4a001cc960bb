"""A start with prices that cannot be kept says so."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings

from trainings import checks


@pytest.mark.parametrize(
    ("prices", "limit", "found"),
    [
        ([], 0, ["trainings.W003"]),
        ([], 100, ["trainings.E003"]),
        (["my-pen=0.1:0.5"], 100, []),
        (["my-pen"], 0, ["trainings.E002"]),
        (["my-pen=free"], 0, ["trainings.E002"]),
    ],
)
def test_a_model_without_a_price_is_told(settings: Settings, prices: list[str], limit: int, found: list[str]) -> None:
    settings.SOP_WRITER, settings.OPENAI_SOP_MODEL = "openai", "my-pen"
    settings.OPENAI_PRICES, settings.DAILY_LIMIT_CENTS = prices, limit
    assert [message.id for message in checks.model_prices(None)] == found
