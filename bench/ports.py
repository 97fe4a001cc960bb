"""Ports for servers that take a number instead of an open socket."""

from __future__ import annotations

import random
import socket

OURS = range(15_000, 30_000)
"""Below those that the kernel gives to connections (ip_local_port_range begins at 32768): a port of that range may be
some connection's own end before the server has opened it."""


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port of this address that nobody has. Raises OSError when none is found."""
    for port in random.SystemRandom().sample(OURS, 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise OSError(f"no port of {host} is free")
