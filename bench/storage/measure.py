"""Measures both ways in a process whose settings know the bucket: `python -m bench.storage.measure FILE`."""

from __future__ import annotations

import json
import os
import statistics
import sys
from pathlib import Path

from bench import alone
from bench.served import OURS, Served
from bench.storage import ways
from bench.upload import source
from bench.upload.measure import our_sender
from tests.fakes.s3 import S3Server

BYTES = 512 * 2**20
ROUNDS = 3


def main(target: Path) -> None:
    """Write the figures."""
    storage = S3Server(target.parent / "bucket")
    storage.start()
    try:
        os.environ.update(storage.environment())
        alone.prepared()
        server = Served(OURS, environment={})
        try:
            target.write_text(json.dumps(measured(server, storage, target.parent)), encoding="utf-8")
        finally:
            server.close()
    finally:
        storage.stop()


def measured(server: Served, storage: S3Server, folder: Path) -> dict[str, dict[str, float]]:
    """Return the median of each figure, by way."""
    sent = source.make(folder / "512MiB", BYTES)
    sender = our_sender(server)
    rounds: dict[str, list[dict[str, float]]] = {}
    for _ in range(ROUNDS):
        rounds.setdefault("tus through web", []).append(ways.through_web(server, sender, storage, sent))
        rounds.setdefault("signed parts past it", []).append(ways.past_web(server, storage, sent))
    return {
        name: {key: round(statistics.median(each[key] for each in found), 3) for key in found[0]}
        for name, found in rounds.items()
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trainai.settings")
    main(Path(sys.argv[1]))
