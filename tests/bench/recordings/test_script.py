"""Scripts say what the maker knows, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.recordings import places
from bench.recordings.script import BadScript, read_script
from bench.recordings.stage import PAGES


def written(folder: Path, line: dict[str, Any]) -> Path:
    data = {"name": "x", "title": "X", "title_words": [], "page": "x.html"}
    chapters = [{"title": "One", "title_words": [], "lines": [line]}]
    path = folder / "x.json"
    path.write_text(json.dumps(data | {"chapters": chapters}))
    return path


@pytest.mark.parametrize("name", places.NAMES)
def test_each_script_is_about_steps_cautions_and_conditions_on_a_page_of_ours(name: str) -> None:
    script = read_script(places.script(name))
    kinds = {line.kind for line in script.lines}
    assert script.name == name
    assert (PAGES / script.page).is_file()
    assert {"talk", "step", "caution", "condition", "result", "key_point"} == kinds
    assert sum(len(line.expect) for line in script.lines if line.kind == "step") >= 6


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ({"kind": "joke", "text": "Ha."}, "unknown kind 'joke'"),
        ({"kind": "step", "text": "Open it."}, "needs an expect"),
        ({"kind": "talk", "text": "Hello.", "expect": [["Hello"]]}, "talk has none"),
        ({"kind": "talk", "text": "Hello.", "puase": 1}, "unknown puase"),
        ({"kind": "talk", "text": "Hello.", "do": [{"clik": "#a"}]}, "unknown clik"),
        ({"kind": "talk", "text": "Hello.", "do": [{"click": "#a", "press": "Enter"}]}, "exactly one"),
        ({"kind": "talk", "text": "Hello.", "do": [{"click": "#a", "on": "goodbye"}]}, "does not say 'goodbye'"),
    ],
)
def test_a_slip_in_a_script_is_named(tmp_path: Path, line: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadScript, match=complaint):
        read_script(written(tmp_path, line))
