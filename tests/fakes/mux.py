"""A server that behaves like Mux: direct uploads, assets and signed webhooks (mux.com/docs/api-reference)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.server import FakeServer, Request, Response

TOKEN_ID, TOKEN_SECRET = "token-id", "a-very-secret-token"
WEBHOOK_SECRET = "a-very-secret-webhook"
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+)")


@dataclass
class Upload:
    """An upload address and what has arrived there."""

    id: str
    settings: dict[str, Any]
    status: str = "waiting"
    asset_id: str | None = None
    error: dict[str, str] | None = None
    bytes: bytearray = field(default_factory=bytearray)


@dataclass
class Asset:
    """A video; "preparing" until somebody looked `looks` times."""

    id: str
    upload: Upload
    playback_id: str
    looks: int
    status: str = "preparing"
    errors: dict[str, Any] | None = None
    tracks: list[dict[str, Any]] = field(default_factory=list)


class MuxServer(FakeServer):
    """One environment with one token."""

    def __init__(self) -> None:
        super().__init__()
        self.uploads: dict[str, Upload] = {}
        self.assets: dict[str, Asset] = {}
        self.looks = 0
        """How often an asset is seen preparing before it is ready."""
        self.refuses = ""
        """Why assets become "errored"."""
        self._numbers = itertools.count(1)

    def respond(self, request: Request) -> Response:
        if request.path.startswith("/put/"):
            return self._take(request)
        expected = base64.b64encode(f"{TOKEN_ID}:{TOKEN_SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {expected}":
            return problem(401, "unauthorized", "Unauthorized request")
        parts = request.path.strip("/").split("/")
        if parts[:2] != ["video", "v1"]:
            return problem(404, "not_found", "The requested resource doesn't exist")
        kind, name = parts[2], parts[3] if len(parts) > 3 else ""
        if kind == "uploads" and request.method == "POST":
            return self._create(request)
        if kind == "uploads" and name in self.uploads:
            if parts[4:] == ["cancel"]:
                if self.uploads[name].status != "waiting":
                    return problem(400, "invalid_parameters", "Upload is not in a cancellable state")
                self.uploads[name].status = "cancelled"
            return Response(body={"data": self._upload(self.uploads[name])})
        if kind == "assets" and name in self.assets and parts[4:5] == ["tracks"]:
            return self._track(request, self.assets[name], parts[5:])
        if kind == "assets" and name in self.assets:
            if request.method == "DELETE":
                del self.assets[name]
                return Response(204)
            return Response(body={"data": self._look(self.assets[name])})
        if kind == "playback-ids":
            for asset in self.assets.values():
                if asset.playback_id == name:
                    played = {"type": "asset", "id": asset.id}
                    return Response(body={"data": {"id": name, "policy": "public", "object": played}})
        return problem(404, "not_found", "The requested resource doesn't exist")

    def event(self, kind: str, data: dict[str, Any], *, name: str = "event-1") -> bytes:
        """The body of a webhook."""
        return json.dumps({"type": kind, "id": name, "created_at": "2026-11-01T12:00:00Z", "data": data}).encode()

    def _create(self, request: Request) -> Response:
        settings = request.json.get("new_asset_settings") or {}
        if not settings.get("playback_policies") or len(settings.get("passthrough", "")) > 255:
            return problem(400, "invalid_parameters", "Invalid new_asset_settings")
        upload = Upload(f"upload-{next(self._numbers)}", settings)
        self.uploads[upload.id] = upload
        return Response(201, {"data": self._upload(upload) | {"timeout": request.json.get("timeout", 3600)}})

    def _track(self, request: Request, asset: Asset, rest: list[str]) -> Response:
        if request.method == "DELETE":
            asset.tracks = [track for track in asset.tracks if [track["id"]] != rest]
            return Response(204)
        asked = request.json
        if asked["type"] != "text" or not asked.get("language_code") or not asked["url"].startswith("https://"):
            return problem(400, "invalid_parameters", "Invalid track")
        if any(track["name"] == asked["name"] for track in asset.tracks):
            return problem(400, "invalid_parameters", "Track name must be unique")
        track = {"id": f"track-{next(self._numbers)}", "status": "preparing", **asked}
        asset.tracks.append(track)
        return Response(201, {"data": track})

    def _upload(self, upload: Upload) -> dict[str, Any]:
        data = {"id": upload.id, "status": upload.status, "new_asset_settings": upload.settings, "timeout": 3600}
        if upload.status == "waiting":
            data["url"] = f"{self.url}/put/{upload.id}?signature=secret"
        return data | {"asset_id": upload.asset_id, "error": upload.error}

    def _take(self, request: Request) -> Response:
        """Like Google Cloud Storage: chunks of 256 KiB times n, 308 until all is there."""
        upload = self.uploads.get(request.path.rpartition("/")[2])
        found = _RANGE.fullmatch(request.headers.get("content-range", ""))
        if upload is None or upload.status != "waiting" or not found:
            return Response(404, b"gone", {"Content-Type": "text/plain"})
        first, last, total = (int(group) if group else None for group in found.groups())
        if first is not None and last is not None and first == len(upload.bytes):
            whole = last + 1 == total
            if len(request.body) != last + 1 - first or (len(request.body) % (256 * 1024) and not whole):
                return Response(400, b"bad chunk", {"Content-Type": "text/plain"})
            upload.bytes += request.body
        if len(upload.bytes) == total:
            self._finish(upload)
            return Response(200, b"")
        arrived = {"Range": f"bytes=0-{len(upload.bytes) - 1}"} if upload.bytes else {}
        return Response(308, b"", arrived)

    def _finish(self, upload: Upload) -> None:
        number = next(self._numbers)
        asset = Asset(f"asset-{number}", upload, f"playback-{number}", self.looks)
        self.assets[asset.id] = asset
        upload.status, upload.asset_id = "asset_created", asset.id

    def _look(self, asset: Asset) -> dict[str, Any]:
        if self.refuses:
            asset.status, asset.errors = "errored", {"type": "invalid_input", "messages": [self.refuses]}
        elif asset.looks > 0:
            asset.looks -= 1
        else:
            asset.status = "ready"
        data = {"id": asset.id, "status": asset.status, "passthrough": asset.upload.settings["passthrough"]}
        policy = asset.upload.settings["playback_policies"][0]
        data |= {"playback_ids": [{"id": asset.playback_id, "policy": policy}], "upload_id": asset.upload.id}
        data["tracks"] = [{"type": "video", "id": "track-0"}, *asset.tracks]
        return data | ({"errors": asset.errors} if asset.errors else {})


def problem(status: int, kind: str, message: str) -> Response:
    """An error in Mux's form."""
    return Response(status, {"error": {"type": kind, "messages": [message]}})


def signature(body: bytes, *, secret: str = WEBHOOK_SECRET, age: float = 0) -> str:
    """The header of a webhook that was signed `age` seconds ago."""
    at = str(int(time.time() - age))
    digest = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
