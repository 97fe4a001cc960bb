"""Uploads through the real web server: `python -m bench.upload`.

Rates: 2 GB from a file in memory over the loopback, as one body and in the pieces our pages send, beside tuspyserver
under the same uvicorn and beside a plain copy of the file; the median of three rounds, one after the other. The rate
runs to the last answer; "on disk" runs until an fsync of the file has returned as well, which ours does before it
answers. Memory is that of the web process above what it holds when idle.

Cuts: the connection is cut at random places and the upload goes on where the server says. `bench.kills` kills the
server instead.
"""

from bench.upload.run import main

__all__ = ["main"]
