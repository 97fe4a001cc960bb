"""Into a bucket through the web process, or past it: `python -m bench.storage`.

512 MiB from a file in memory to the S3 server that the tests use, one piece after the other: by tus through our web
process in the pieces that our pages send, and by addresses signed for each part of 5 MiB straight to the bucket, which
the web process would have to sign, begin and complete. The median of three rounds, taken in turns.
"""

from bench.storage.run import main

__all__ = ["main"]
