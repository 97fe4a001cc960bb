"""The live benchmark by hand."""

from bench.live import main

main()
