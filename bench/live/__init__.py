"""The live pages: `python -m bench.live`. One web process, hundreds of open WebSockets, 50 jobs that report.

The delay runs from just before the statement that commits a report is sent to the moment its message has come out of
the browser's end of the socket, both on the same clock. A page is given the latest state of a job, not every one: what
counts as lost is a final state. A restart ends the web process as an operator does; pages come back by the same full
jitter as `backoff.js`, while somebody opens the list of trainings again and again.
"""

from bench.live.run import main

__all__ = ["main"]
