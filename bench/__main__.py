"""All benchmarks: `python -m bench [NAME ...]`. Tables on the terminal and in README.md, figures in results.json.

Benchmarks that are not named keep their last figures.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench import report

ORDER = (
    "quality",
    "transcription",
    "pipeline",
    "engine",
    "chaos",
    "hosts",
    "crowd",
    "time_left",
    "upload",
    "storage",
    "kills",
    "live",
    "desk",
    "cloud",
)
NAMES = tuple(name for name in ORDER if find_spec(f"bench.{name}"))


def main(argv: list[str] | None = None) -> int:
    """Run what is named, or all. The exit status is the number of benchmarks that failed."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    names = parser.parse_args(argv).names or list(NAMES)
    if unknown := sorted(set(names) - set(NAMES)):
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(NAMES)}")
    failed = [name for name in names if not measure(name)]
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


def measure(name: str) -> bool:
    """Run one benchmark in a process of its own, show what it prints as it comes, keep it. False when it failed."""
    print(f"\n{name}\n", flush=True)
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        argv = [sys.executable, "-m", "bench.run", name, file.name]
        printed: list[str] = []
        with subprocess.Popen(argv, cwd=report.ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                print(line, end="", flush=True)
                printed.append(line)
        if process.returncode:
            return False
        figures: dict[str, Any] = json.loads(Path(file.name).read_text(encoding="utf-8"))
    report.keep(name, figures, "".join(printed).strip())
    return True


if __name__ == "__main__":
    sys.exit(main())
