"""Into a bucket through the web process, or past it: `python -m bench.storage`.

512 MiB from a file in memory to the S3 server that the tests use, in parts of 5 MiB one after the other, as our pages
send them: by tus through our web process, and by addresses signed for each part straight to the bucket, which the web
process would have to sign, begin and complete. The median of three rounds, taken in turns.
"""

from bench.storage.run import main

__all__ = ["main"]
