"""The statements that are the design, one a file: a sentence on top, then the SQL."""

from functools import cache
from pathlib import Path


@cache
def load(name: str) -> str:
    """Return the text of the statement `name`."""
    return (Path(__file__).parent / f"{name}.sql").read_text()
