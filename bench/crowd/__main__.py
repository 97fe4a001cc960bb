"""`python -m bench.crowd [WORKERS ...]`."""

import sys

from bench.crowd.measure import measure

if __name__ == "__main__":
    measure([int(word) for word in sys.argv[1:]] or None)
