"""Figures keep their place in the page and in the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import report
from bench.table import table


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "README.md").write_text("# Benchmarks\n\n## Results\n")
    return tmp_path


def test_new_figures_take_the_place_of_the_last_ones(folder: Path) -> None:
    report.keep("speed", {"seconds": 2}, "| old |", folder=folder)
    report.keep("size", {"bytes": 5}, "| five |", folder=folder)
    report.keep("speed", {"seconds": 1}, "| new |", folder=folder)
    page, results = (folder / "README.md").read_text(), json.loads((folder / "results.json").read_text())
    assert "| new |" in page
    assert "| old |" not in page
    assert page.count("### Speed") == 1
    assert {name: result["figures"] for name, result in results.items()} == {
        "speed": {"seconds": 1},
        "size": {"bytes": 5},
    }


def test_what_people_wrote_around_the_figures_stays(folder: Path) -> None:
    report.keep("speed", {}, "| old |", folder=folder)
    readme = folder / "README.md"
    readme.write_text(readme.read_text() + "\nA word about it.\n")
    report.keep("speed", {}, "| new |", folder=folder)
    assert readme.read_text().endswith("<!-- end of speed -->\n\nA word about it.\n")


def test_a_table_has_columns_as_wide_as_their_cells() -> None:
    assert table(["what", "s"], [["listening", "12.5"]]) == (
        "| what      |    s |\n|-----------|-----:|\n| listening | 12.5 |"
    )
