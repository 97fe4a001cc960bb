"""Measures uploads in a process of its own: `python -m bench.upload.measure FILE rates|kills`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from bench import alone
from bench.served import OURS, Served
from bench.upload import breaking, rates, source
from bench.upload.rates import Way
from bench.upload.sender import Sender

RATED_BYTES = 2 * 10**9 // 2**20 * 2**20
BROKEN_BYTES = 2**30
CUTS, KILLS = 100, 200
PEER = ("-m", "uvicorn", "bench.peers.tuspyserver_:app", "--no-access-log", "--log-level", "error", "--fd")


def main(target: Path, part: str) -> None:
    """Write the figures of "rates" or "kills"."""
    alone.prepared()
    server = Served(OURS, environment={})
    try:
        us = Way("ours", server, our_sender(server), our_file)
        figures = rated(us, target.parent) if part == "rates" else killed(us, target.parent)
    finally:
        server.close()
    target.write_text(json.dumps(figures), encoding="utf-8")


def rated(us: Way, folder: Path) -> dict[str, Any]:
    """Measure rates beside tuspyserver, and what cuts cost."""
    files = folder / "files"
    files.mkdir()
    peer = Served(PEER, environment={"TUSPYSERVER_FILES": str(files)}, ready="/docs")
    try:
        they = Way("tuspyserver", peer, Sender(peer.address, "/files", {}), lambda path: files / path.split("/")[-1])
        large = source.make(folder / "2GB", RATED_BYTES)
        ways = rates.measure([they, us], large, folder)
        large.path.unlink()
    finally:
        peer.close()
    broken = source.make(folder / "1GiB", BROKEN_BYTES)
    return {"ways": ways, "cuts": breaking.cuts(us.sender, broken, CUTS, our_file)}


def killed(us: Way, folder: Path) -> dict[str, Any]:
    """Kill the server again and again."""
    broken = source.make(folder / "1GiB", BROKEN_BYTES)
    return {**breaking.kills(us.server, us.sender, broken, KILLS, our_file), "trainings": trainings()}


def our_sender(server: Served) -> Sender:
    """Make a person with a program that may upload."""
    from rest_framework.authtoken.models import Token

    from trainai.accounts.models import Company, Membership, User

    user = User.objects.create_user("bench@example.com")
    Membership.objects.create(user=user, company=Company.objects.create(name="Bench"), role=Membership.Role.OWNER)
    token = Token.objects.create(user=user).key
    return Sender(server.address, "/api/uploads/", {"Authorization": f"Token {token}"})


def our_file(path: str) -> Path:
    """Return where the bytes of an upload lie; `path` is its address."""
    from trainings.models import Upload

    return Upload.objects.get(pk=path.rstrip("/").rsplit("/", 1)[-1]).path


def trainings() -> int:
    """Return how many trainings the killed upload became: the newest one's."""
    from trainings.models import Training, Upload

    return Training.objects.filter(upload=Upload.objects.latest("created_at")).count()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trainai.settings")
    main(Path(sys.argv[1]), sys.argv[2])
