"""How fast the engine is, beside its peers: `python -m bench.engine`.

Wake-up is the time from just before a task is asked for to its first line, in a worker process that waits. Drain is the
rate at which two workers finish a backlog of tasks that do nothing, results kept. Each engine has two workers, the
same server, a database of its own, and runs in the same few minutes.
"""

from bench.engine.run import main

__all__ = ["main"]
