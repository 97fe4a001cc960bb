"""The web server killed in the middle of an upload, again and again: `python -m bench.kills`.

SIGKILL at random places of one upload of 1 GiB; the file's SHA-256 is compared in the end. "Beyond" counts how often
the server, up again, said an offset that lies behind the end of its file: a byte that was promised and lost.
"""

from __future__ import annotations

from typing import Any

from bench import alone
from bench.table import table


def main() -> dict[str, Any]:
    """Print the table and return the figures. Raises when a byte was lost or a training was made twice."""
    result = alone.measure("bench.upload.measure", "kills")
    heads = ["kills in mid-request", "over", "SHA-256", "offsets beyond the file", "trainings made", "sent again"]
    row = [
        str(result["times"]),
        f"{result['size'] / 2**30:.0f} GiB",
        "right" if result["right"] else "WRONG",
        str(result["beyond"]),
        str(result["trainings"]),
        f"{100 * result['more']:.1f} %",
    ]
    print(table(heads, [row]))
    if not result["right"] or result["beyond"] or result["trainings"] != 1:
        raise RuntimeError("an upload was damaged by a kill")
    return result


if __name__ == "__main__":
    main()
