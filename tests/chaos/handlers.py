"""Jobs that are slow, stubborn or deadly. They tell the test what they did by lines in a file."""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import mmap
import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

from jobs.context import Context
from jobs.errors import TemporaryError
from jobs.registry import handler


def note(context: Context, line: str) -> None:
    """Add a line to the file that the test reads; lines of this size are added whole."""
    with Path(context.input["ledger"]).open("a") as ledger:
        ledger.write(f"{line}\n")


def wait_for_gate(context: Context) -> None:
    """Go on when the test makes the file."""
    while not Path(context.input["gate"]).exists():
        context.check()
        time.sleep(0.02)


@handler("chaos_quick", label="Quick")
def quick(context: Context) -> dict[str, Any]:
    note(context, f"ran {context.job.pk}")
    return {}


@handler("chaos_two_steps", label="Two steps")
def two_steps(context: Context) -> dict[str, Any]:
    context.step("first", lambda: note(context, "paid first"))
    context.report(50, "half way")
    wait_for_gate(context)
    context.step("second", lambda: note(context, "paid second"))
    return {}


@handler("chaos_sleep", label="Sleeping")
def sleep(context: Context) -> dict[str, Any]:
    note(context, f"began in {os.getpid()}")
    time.sleep(600)
    return {}


@handler("chaos_deaf", label="Deaf")
def deaf(context: Context) -> dict[str, Any]:
    note(context, f"began in {os.getpid()}")
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(600)


@handler("chaos_family", label="Family")
def family(context: Context) -> dict[str, Any]:
    """A child, a grandchild in the background, and one that moved to a session of its own."""
    script = "sleep 601 & setsid sleep 602 & echo ready; exec sleep 603"
    context.run(["sh", "-c", script], on_line=lambda line: note(context, line))
    return {}


@handler("chaos_poison", label="Poison")
def poison(context: Context) -> dict[str, Any]:
    note(context, "drank")
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


@handler("chaos_stumble", label="Stumbling", backoff_base=0.2)
def stumble(context: Context) -> dict[str, Any]:
    note(context, "stumbled")
    raise TemporaryError("busy", "The service is busy.")


def plain_task(path: str) -> str:
    """A task for `async_task` and schedules."""
    with Path(path).open("a") as ledger:
        ledger.write("plain task ran\n")
    return "done"


@handler("chaos_fork", label="Forking")
def fork(context: Context) -> dict[str, Any]:
    """One child that comes back here as if it were the worker, and one that stays."""
    if os.fork() == 0:
        return {"who": "child"}
    stray = os.fork()
    if stray == 0:
        time.sleep(600)
    note(context, f"forked {stray}")
    return {"who": "worker"}


@handler("chaos_daemon", label="Daemon")
def daemon(context: Context) -> dict[str, Any]:
    """A fork that leaves for a session of its own and is nobody's child, and another program that does, on purpose."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            note(context, f"daemon {os.getpid()}")
            time.sleep(600)
        os._exit(0)
    os.wait()
    other = subprocess.Popen(["sleep", "604"], start_new_session=True)
    note(context, f"on purpose {other.pid}")
    wait_for_gate(context)
    return {}


@handler("chaos_threads", label="Threads")
def threads(context: Context) -> dict[str, Any]:
    note(context, f"threads of {os.getpid()}")
    threading.Thread(target=time.sleep, args=(600,)).start()
    return {}


@handler("chaos_leave", label="Leaving")
def leave(context: Context) -> dict[str, Any]:
    note(context, "left")
    os._exit(3)


@handler("chaos_eat", label="Hungry")
def eat(context: Context) -> dict[str, Any]:
    note(context, f"ate in {os.getpid()}")
    eaten = []
    while True:
        eaten.append(bytearray(8 * 2**20))


@handler("chaos_eat_shared", label="Hungry together")
def eat_shared(context: Context) -> dict[str, Any]:
    """Memory that the kernel does not count as this process's data."""
    shared = mmap.mmap(-1, 2**31)
    while shared.tell() < 2**31:
        shared.write(b"x" * 2**20)
    time.sleep(600)
    return {}


@handler("chaos_fill", label="Filling", backoff_base=0.2)
def fill(context: Context) -> dict[str, Any]:
    """Files without end."""
    note(context, f"fills {context.scratch}")
    for number in itertools.count():
        (context.scratch / str(number)).write_bytes(os.urandom(2**20))
        time.sleep(0.002)
        context.check()
    return {}


@handler("chaos_stuck_in_c", label="Stuck")
def stuck_in_c(context: Context) -> dict[str, Any]:
    """C code that keeps the interpreter's lock: no other thread of the process gets a turn."""
    note(context, f"began in {os.getpid()}")
    ctypes.PyDLL(None).sleep(600)
    return {}
