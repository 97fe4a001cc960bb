"""Child processes of an attempt: marked, watched, and killed with everything they started."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import selectors
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from jobs.errors import ProcessFailed, ProcessTimeout

MARK = "TRAINAI_ATTEMPT"
"""Environment variable that every child and grandchild inherits: how they are found again."""
INHERITED = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "TZ", "LANG", "LC_ALL", "LC_CTYPE")
"""All that a child gets of our environment: keys and passwords are none of its business."""
_LOOK_SECONDS = 0.1
_LINE_LIMIT = 65_536
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None)


def run(
    argv: Sequence[str],
    *,
    mark: str,
    check: Callable[[], None],
    on_line: Callable[[str], None] | None = None,
    timeout: float | None = None,
    memory_limit: int | None = None,
) -> str:
    """Run a child to its end and return its last lines of stderr; see `jobs.context.Context.run`."""
    try:
        child = subprocess.Popen(
            [str(part) for part in argv],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**_harmless_environment(), MARK: mark},
            start_new_session=True,
            preexec_fn=_prepare(os.getpid(), memory_limit),
        )
    except OSError as error:
        raise ProcessFailed(127, str(error)) from error
    try:
        stderr = _follow(child, check, on_line, time.monotonic() + timeout if timeout else None)
    finally:
        _end(child)
    if child.returncode:
        raise ProcessFailed(child.returncode, stderr)
    return stderr


def tie_to_parent(number: int = signal.SIGKILL) -> None:
    """Ask the kernel to send this process the signal `number` when the thread that forked it ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)


def kill_marked(mark: str) -> int:
    """Kill every process of an attempt, wherever it has moved to; return how many were found."""
    killed = 0
    for _ in range(10):  # one that forks while we look is found by the next look
        found = [pid for pid, its in marks() if its == mark]
        if not found:
            break
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        killed += len(found)
    return killed


def marks() -> Iterator[tuple[int, str]]:
    """Yield the number and the mark of every process on this machine that belongs to an attempt."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (mark := mark_of(int(entry.name))):
            yield int(entry.name), mark


def mark_of(pid: int) -> str:
    """Return the mark of a process, empty when it has none or has ended."""
    wanted = f"{MARK}=".encode()
    words = _environment(pid).split(b"\0")
    return next((word[len(wanted) :].decode(errors="replace") for word in words if word.startswith(wanted)), "")


def started_ticks(pid: int) -> int | None:
    """Return when a process started, in clock ticks since boot (proc(5), stat field 22); None if it is dead."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent dies, so that none is lost sight of."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap_orphans(*, except_for: int | None) -> None:
    """Take ended adopted children from the process table."""
    for pid in children(os.getpid()):
        if pid != except_for:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


def end_strays() -> int:
    """Kill what this process's work left running, children of children too; return how many.

    Costs one system call when there are no children at all. Those of an attempt that run another program are marked
    and found by `kill_marked`.
    """
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return 0
    ended = end(family(os.getpid())[1:])
    reap_orphans(except_for=None)
    return ended


def end(pids: Iterable[int]) -> int:
    """Kill those of these processes that are in our session or forks of ours; return how many.

    Another program in a session of its own is somebody's on purpose, as the embedded database is. A fork that made
    itself a session is still the code of a job.
    """
    program = _command("self")
    ours = [pid for pid in pids if _session(pid) == os.getsid(0) or _command(pid) == program]
    for pid in ours:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(ours)


def family(pid: int) -> list[int]:
    """Return a process and everything below it."""
    found = [pid]
    for each in found:
        with contextlib.suppress(OSError):  # it ended meanwhile
            found += children(each)
    return found


def own_memory(pid: int) -> int:
    """Return the bytes of memory that are a process's own (proc(5): RssAnon, RssShmem); mapped files are not."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith(("RssAnon:", "RssShmem:")))


def children(pid: int) -> list[int]:
    """Return the direct children of a process, ended ones that nobody waited for included."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):
            found += map(int, (task / "children").read_text().split())
    return found


def _prepare(parent: int, memory_limit: int | None) -> Callable[[], None]:
    def prepare() -> None:
        tie_to_parent()
        if os.getppid() != parent:  # it died before the kernel was asked
            os._exit(1)
        if memory_limit is not None:
            resource.setrlimit(resource.RLIMIT_AS, (memory_limit, memory_limit))

    return prepare


def _follow(
    child: subprocess.Popen[bytes],
    check: Callable[[], None],
    on_line: Callable[[str], None] | None,
    deadline: float | None,
) -> str:
    """Read both pipes until the child ends; a grandchild that keeps them open holds nobody up."""
    lines, tail = _Lines(on_line), deque[bytes](maxlen=64)
    with selectors.DefaultSelector() as selector:
        for pipe, feed in ((child.stdout, lines.feed), (child.stderr, tail.append)):
            if pipe:
                os.set_blocking(pipe.fileno(), False)
                selector.register(pipe, selectors.EVENT_READ, feed)
        ended = False
        while selector.get_map():
            check()
            if deadline is not None and time.monotonic() > deadline:
                raise ProcessTimeout(f"{child.args!r} was killed after its time was over")
            ready = selector.select(0 if ended else _LOOK_SECONDS)
            if ended and not ready:
                break
            for key, _ in ready:
                piece = os.read(key.fd, 65_536)
                if piece:
                    key.data(piece)
                else:
                    selector.unregister(key.fileobj)
            ended = ended or _has_ended(child)
    lines.close()
    while not _has_ended(child):  # it closed its pipes and went on
        check()
        if deadline is not None and time.monotonic() > deadline:
            raise ProcessTimeout(f"{child.args!r} was killed after its time was over")
        time.sleep(_LOOK_SECONDS)
    return "\n".join(b"".join(tail).decode(errors="replace").splitlines()[-40:])


def _has_ended(child: subprocess.Popen[bytes]) -> bool:
    """Whether the child ended, without taking it from the process table: its number must stay its own."""
    return os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _end(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for pipe in (child.stdout, child.stderr):
        if pipe:
            pipe.close()


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return None


def _command(pid: int | str) -> bytes:
    """Return the words a process was started with, as every fork of it has them (proc(5)); empty when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _harmless_environment() -> dict[str, str]:
    return {name: os.environ[name] for name in INHERITED if name in os.environ}


def _environment(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


class _Lines:
    """Cuts pieces into lines; one longer than the limit is cut there."""

    def __init__(self, on_line: Callable[[str], None] | None) -> None:
        self._on_line = on_line
        self._rest = b""

    def feed(self, piece: bytes) -> None:
        if self._on_line is None:
            return
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if len(self._rest) > _LINE_LIMIT:
            lines, self._rest = [*lines, self._rest], b""
        for line in lines:
            self._on_line(line.decode(errors="replace").rstrip("\r"))

    def close(self) -> None:
        if self._on_line is not None and self._rest:
            self._on_line(self._rest.decode(errors="replace"))
