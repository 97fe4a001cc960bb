"""Workers as threads: `python -m bench.crowd.workers N`. Each is the engine's own loop with its two connections and its
heartbeat; only the process around it is shared. They end when their standard input does."""

from __future__ import annotations

import sys
import threading

import django

STACK_BYTES = 512 * 1024


def main(count: int) -> None:
    """Run `count` workers."""
    django.setup()
    from jobs.worker import Loop

    class Member(Loop):
        """One of many in a process: nobody looks after each job for threads and processes that it left behind, because
        those of the others would be found, and waited for."""

        def _tidy(self) -> None:
            """Leave the others alone."""

    over = threading.Event()
    threading.stack_size(STACK_BYTES)
    loops = [Member(resident=True) for _ in range(count)]
    for loop in loops:
        loop._in_main_thread = False
        threading.Thread(target=loop.stay, args=[over.is_set], daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]))
