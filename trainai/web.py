"""The web server process: `python -m trainai.web --socket N`.

uvicorn, because it serves HTTP and WebSockets from one process, starts in a tenth of a second, bounds its graceful
stop, and leaves a request body that breaks off to the application; Daphne brings Twisted and has no such bound.
"""

from __future__ import annotations

import argparse
import socket

import uvicorn
from django.conf import settings

from trainai import database

GRACE_SECONDS = 5
MAX_FRAME_BYTES = 4096
"""Pages say nothing on their WebSocket."""


def main() -> None:
    """Serve on the listening socket that the supervisor opened: while we restart, browsers wait instead of failing."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=int, required=True)
    listening = socket.socket(fileno=parser.parse_args().socket)
    config = uvicorn.Config(
        "trainai.asgi:application",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ws_max_size=MAX_FRAME_BYTES,
        # A compressor for every open page would cost a hundred times the memory of the page itself.
        ws_per_message_deflate=False,
        # A client could write these headers itself; only a proxy of ours says the truth.
        proxy_headers=settings.HTTPS,
        forwarded_allow_ips=settings.PROXIES,
    )
    database.share(settings.DATABASES["default"])
    config.load()  # sets Django up, with the application
    from jobs import watchdog
    from jobs.alerts import watcher

    watcher.start()
    watchdog.keep_notifying()
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
