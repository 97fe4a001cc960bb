"""The embedded PostgreSQL server: one per `var/` folder, shared by every process that uses that folder.

Nobody owns the server. Each process that needs it holds a shared lock on `users.lock` (`lease.py`); a keeper
process of its own (`keeper.py`) starts PostgreSQL and stops it when the last holder is gone. The kernel drops the
lock of a killed process, so nothing has to be cleaned up after `kill -9`. If the keeper itself is killed, the
kernel sends PostgreSQL the signal for a fast, clean shutdown, and the next process that connects starts a new one.

Under `var/postgres/`: `data` (the cluster), `password` and `port` (how to connect; `port` exists
while the server takes connections), `log`, and the locks.
"""

from trainai.postgres.errors import ServerUnavailable
from trainai.postgres.lease import Server, acquire, release

__all__ = ["Server", "ServerUnavailable", "acquire", "release"]
