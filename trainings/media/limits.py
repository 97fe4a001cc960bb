"""How much of the machine a recording may take."""

MAX_PIXELS = 35_389_440
"""Pixels of one frame: 8192 x 4320. A 659 KB file with a 15000 x 15000 frame took 713 MB, and 55 MB when refused."""

THREADS = 2
"""Threads of one ffmpeg decoder or encoder; each frame thread holds frames of its own."""

PROBE_MEMORY = 1 << 30
"""Bytes of address space for looking into a file; 210 MB were seen for ordinary ones."""

FFMPEG_MEMORY = 3 << 30
"""Bytes of address space for an ffmpeg process."""
