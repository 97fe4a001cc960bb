"""`python -m bench.update [COMMIT]`: COMMIT is the old release; without one, the last before the tables or the engine's
statements changed. Prints what happened as JSON; the exit status is 1 when a promise was broken, 3 when it cannot be
tried here."""

from __future__ import annotations

import json
import sys

from bench.hosts.command import SKIPPED
from bench.update.release import Impossible
from bench.update.story import tell


def main() -> int:
    try:
        found = tell(sys.argv[1] if len(sys.argv) > 1 else "")
    except Impossible as lack:
        print(lack, file=sys.stderr)
        return SKIPPED
    print(json.dumps(found, indent=1))
    return 1 if found["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
