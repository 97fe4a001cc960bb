"""What this machine has."""

from __future__ import annotations

import os

LEAST_SHARE_MB = 1_536
"""A worker that transcribes takes about 650 MB, its children beside it another 100 (`bench/README.md`)."""


def memory_share_mb(parts: int) -> int:
    """Return each part's share of three quarters of the memory, in MiB: the rest is for database, web and files."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return max(LEAST_SHARE_MB, whole * 3 // 4 // parts)
