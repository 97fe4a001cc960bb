"""Where figures are kept: `results.json` for programs, a marked section of `README.md` for people."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "bench"
BEGIN, END = "<!-- results of {name} -->", "<!-- end of {name} -->"


def keep(name: str, figures: dict[str, Any], text: str, *, folder: Path = FOLDER) -> None:
    """Put the figures of one benchmark in place of its last ones, in both files."""
    measured = {"measured_at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine()}
    write_results(folder / "results.json", name, measured | {"figures": figures})
    section = f"{text}\n\nMeasured {measured['measured_at'][:10]}, {measured['machine']}."
    readme = folder / "README.md"
    readme.write_text(with_section(readme.read_text(encoding="utf-8"), name, section), encoding="utf-8")


def write_results(path: Path, name: str, result: dict[str, Any]) -> None:
    results = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    results[name] = result
    path.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def with_section(page: str, name: str, section: str) -> str:
    """Return `page` with the section between its marks; a page without the marks gets them at its end."""
    begin, end = BEGIN.format(name=name), END.format(name=name)
    before, found, rest = page.partition(begin)
    if not found:
        return f"{page.rstrip()}\n\n### {name.capitalize()}\n\n{begin}\n{section}\n{end}\n"
    return f"{before}{begin}\n{section}\n{end}{rest.partition(end)[2]}"


def machine() -> str:
    """Say what was measured on, in a few words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores, {memory:.0f} GB, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
