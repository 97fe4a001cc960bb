"""A tus client that costs next to nothing: the kernel copies the file into the socket."""

from __future__ import annotations

import socket
from collections.abc import Mapping

from bench.upload.source import Source

SLICE = 2**20


class Sender:
    """Sends to one server; `create` is the address where uploads begin."""

    def __init__(self, server: tuple[str, int], create: str, headers: Mapping[str, str]) -> None:
        self._server = server
        self._create = create
        self._headers = {"Host": f"{server[0]}:{server[1]}", "Tus-Resumable": "1.0.0", **headers}
        self._line: socket.socket | None = None

    def begin(self, size: int) -> str:
        """Make an upload and return its path."""
        self.cut()  # a line that was idle since the last upload may be closed by now
        # "cmVmdW5kLm1wNA==" is "refund.mp4": tuspyserver wants metadata.
        metadata = "filename cmVmdW5kLm1wNA==,filetype dmlkZW8vbXA0"
        answer = self.ask("POST", self._create, {"Upload-Length": str(size), "Upload-Metadata": metadata})
        location = answer["location"]
        return location if location.startswith("/") else "/" + location.split("/", 3)[3]

    def offset(self, path: str) -> int:
        """Return how far the server says it is."""
        return int(self.ask("HEAD", path, {})["upload-offset"])

    def patch(self, path: str, source: Source, offset: int, count: int) -> None:
        """Send a piece and wait for the answer."""
        self.push(path, source, offset, count, claim=count)
        self._answer("PATCH")

    def push(self, path: str, source: Source, offset: int, count: int, *, claim: int) -> None:
        """Send `count` of the `claim` bytes that the request says it has. OSError when the server has gone."""
        headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        line = self._open()
        line.sendall(self._head("PATCH", path, headers, claim))
        with source.path.open("rb") as file:
            if count:
                line.sendfile(file, offset, count)

    def ask(self, method: str, path: str, headers: Mapping[str, str]) -> dict[str, str]:
        """Send a request without a body; return the answer's headers, their names in small letters."""
        self._open().sendall(self._head(method, path, headers, 0))
        return self._answer(method)

    def cut(self) -> None:
        """Break the connection off."""
        if self._line:
            self._line.close()
        self._line = None

    def _open(self) -> socket.socket:
        if self._line is None:
            self._line = socket.create_connection(self._server, 60)
        return self._line

    def _head(self, method: str, path: str, headers: Mapping[str, str], length: int) -> bytes:
        every = {**self._headers, "Content-Length": str(length), **headers}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in every.items()), "", ""]
        return "\r\n".join(lines).encode()

    def _answer(self, method: str) -> dict[str, str]:
        read = b""
        while b"\r\n\r\n" not in read:
            more = self._open().recv(65536)
            if not more:
                raise ConnectionError("the server hung up")
            read += more
        head, _, body = read.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        left = int(headers.get("content-length", 0)) - len(body) if method != "HEAD" else 0
        while left > 0:
            left -= len(self._open().recv(left))
        if not status.split()[1].startswith("2"):
            raise ConnectionError(f"{method}: {status} {body[:300]!r}")
        return headers
