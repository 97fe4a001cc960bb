"""PgBouncer in transaction mode before a PostgreSQL."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from bench.ports import free_port

CONFIGURATION = """
[databases]
{name} = host={host} port={port} dbname={name} user={user} password={password}
[pgbouncer]
listen_addr = {here}
listen_port = {free}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 20
max_client_conn = 2000
server_login_retry = 1
ignore_startup_parameters = extra_float_digits
logfile = {log}
"""
PATIENCE_SECONDS = 20.0


@contextmanager
def pgbouncer(url: str, here: str, folder: Path) -> Iterator[str]:
    """Give the address at which it stands before the database at `url`. Raises FileNotFoundError where it is not
    installed (Debian: `apt-get install pgbouncer`)."""
    program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
    given = conninfo_to_dict(url)
    free = free_port(here)
    place = folder / "pgbouncer"
    place.mkdir()
    place.chmod(0o777)  # it refuses to be root
    configuration = place / "pgbouncer.ini"
    log = place / "log"
    configuration.write_text(
        CONFIGURATION.format(
            name=given["dbname"], host=given["host"], port=given["port"], user=given["user"],
            password=given["password"], here=here, free=free, log=log,
        )
    )  # fmt: skip
    process = subprocess.Popen([program, "-q", "-u", "nobody", str(configuration)])
    try:
        _wait(here, free, process)
        yield f"postgresql://{given['user']}:any@{here}:{free}/{given['dbname']}"
    finally:
        process.terminate()
        process.wait()


def _wait(host: str, port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection((host, port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError("PgBouncer did not start")
