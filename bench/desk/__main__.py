"""The benchmark by hand."""

from bench.desk import main

main()
