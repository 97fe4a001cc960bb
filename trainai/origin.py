"""Refuse WebSockets that another site opens in a visitor's browser: they would carry the visitor's session."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

Application = Callable[[Any, Any, Any], Awaitable[None]]


def same_origin(application: Application) -> Application:
    """Wrap an ASGI WebSocket application: only pages of this host, or of a trusted origin, may connect.

    A client that is no browser sends no Origin, and has no visitor's session either.
    """

    async def checked(scope: Any, receive: Any, send: Any) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if _allowed(headers.get(b"origin"), headers.get(b"host", "")):
            await application(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 4403, "reason": "wrong origin"})

    return checked


def _allowed(origin: str | None, host: str) -> bool:
    if not validate_host(split_domain_port(host)[0], _allowed_hosts()):
        return False
    if origin is None or origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    return urlsplit(origin).netloc.lower() == host.lower()


def _allowed_hosts() -> list[str]:
    return list(settings.ALLOWED_HOSTS) or ["localhost", "127.0.0.1", "[::1]"]
