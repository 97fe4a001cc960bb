"""Real processes on a real database: everything here commits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs import registry
from tests.chaos.installation import Installation
from trainai.accounts.models import User


@pytest.fixture
def installation(transactional_db: None, alice: User, tmp_path: Path) -> Iterator[Installation]:
    """No cluster yet: `installation.start()`."""
    before = dict(registry._handlers)
    from tests.chaos import handlers  # noqa: F401  (registers its job types, for this test only)

    registry._handlers.update(_chaos_handlers())
    made = Installation(tmp_path, alice)
    yield made
    made.stop()
    registry._handlers.clear()
    registry._handlers.update(before)


_known: dict[str, registry.Handler] = {}


def _chaos_handlers() -> dict[str, registry.Handler]:
    """Their decorators run once, at the first import."""
    _known.update({name: one for name, one in registry._handlers.items() if name.startswith("chaos_")})
    return _known
