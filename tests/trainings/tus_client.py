"""A small tus client over Django's test client, so that tests read as a story of requests."""

from __future__ import annotations

import base64
from typing import Any

from django.http import HttpResponse
from django.test import Client

from trainai.accounts.models import User

BYTES = "application/offset+octet-stream"


class TusClient:
    """Speaks tus for one signed-in person."""

    def __init__(self, user: User | None = None) -> None:
        self.http = Client()
        if user:
            self.http.force_login(user)

    def create(self, size: int | None, *, filename: str = "refund.mp4", body: bytes = b"", **headers: str) -> Any:
        length = {"Upload-Defer-Length": "1"} if size is None else {"Upload-Length": str(size)}
        metadata = {"Upload-Metadata": f"filename {base64.b64encode(filename.encode()).decode()}"}
        return self._send("POST", "/api/uploads/", body, {**length, **metadata, **_names(headers)})

    def patch(self, address: str, body: bytes, offset: int, *, content_type: str = BYTES, **headers: str) -> Any:
        return self._send("PATCH", address, body, {"Upload-Offset": str(offset), **_names(headers)}, content_type)

    def head(self, address: str, **headers: str) -> Any:
        return self._send("HEAD", address, b"", _names(headers))

    def delete(self, address: str, **headers: str) -> Any:
        return self._send("DELETE", address, b"", _names(headers))

    def options(self, address: str = "/api/uploads/") -> Any:
        return self.http.options(address)

    def start(self, size: int | None, **more: Any) -> str:
        """Make an upload and return its address."""
        return str(self.create(size, **more).headers["Location"])

    def send(self, content: bytes, *, filename: str = "refund.mp4") -> Any:
        """Send a whole file in one piece; return the answer to its last byte."""
        return self.patch(self.start(len(content), filename=filename), content, 0)

    def _send(
        self, method: str, address: str, body: bytes, headers: dict[str, str], content_type: str = BYTES
    ) -> HttpResponse:
        # Django's client leaves the type of an empty body out unless it is given as a header.
        headers = {"Tus-Resumable": "1.0.0", "Content-Type": content_type, **headers}
        sent = {name: value for name, value in headers.items() if value != "-"}
        response: Any = self.http.generic(method, address, body, content_type=content_type, headers=sent)
        return response  # type: ignore[no-any-return]


def _names(headers: dict[str, str]) -> dict[str, str]:
    """upload_length -> Upload-Length; the value "-" leaves a header out."""
    return {name.replace("_", "-").title(): value for name, value in headers.items()}
