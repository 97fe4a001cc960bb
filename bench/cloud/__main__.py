"""`python -m bench.cloud`, with its options."""

from bench.cloud import main

main()
