"""The pipeline with services elsewhere that answer as slowly as real ones: `make bench ARGS=cloud`."""

from bench.cloud.measure import main

__all__ = ["main"]
