"""The benchmark by hand."""

from bench.storage import main

main()
