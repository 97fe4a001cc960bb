"""The kinds of spoken lines."""

from __future__ import annotations

from typing import Literal

Kind = Literal["talk", "step", "caution", "condition", "result", "key_point"]
