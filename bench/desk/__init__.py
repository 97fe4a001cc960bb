"""The operators' desk over a million jobs, and their clean-up: `python -m bench.desk [--rows N]`.

Pages by the true web server, as an operator's browser asks for them. Then `cleanup_jobs` deletes everything that is
over, while jobs are made, claimed and ended and pages are read beside it, once without it and once with it.
"""

from bench.desk.run import main

__all__ = ["main"]
