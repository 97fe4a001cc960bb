"""Runs one benchmark and keeps its figures: `python -m bench.run NAME FILE`. A process each: settings differ."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path


def main(name: str, target: Path) -> None:
    """Call `main()` of `bench.NAME`, which prints its table, and write what it returns."""
    sys.argv = [f"bench.{name}"]  # its own options are for those who call it by hand
    figures = import_module(f"bench.{name}").main()
    target.write_text(json.dumps(figures or {}), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
