"""The WebSocket addresses."""

from __future__ import annotations

from typing import Any

from jobs import consumers


async def websockets(scope: Any, receive: Any, send: Any) -> None:
    """Answer a WebSocket, with or without the last slash; an unknown address is refused."""
    if scope["path"].rstrip("/") == "/ws/jobs":
        await consumers.jobs(scope, receive, send)
    else:
        await receive()
        await send({"type": "websocket.close", "code": 4404, "reason": "no such address"})
