"""The upload benchmark by hand."""

from bench.upload import main

main()
