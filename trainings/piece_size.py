"""How much of a file our pages send in one request. On its own, so that benchmarks know it without a set up Django."""

PAGE_PIECE_BYTES = 25 * 2**20
"""A request costs some milliseconds beside its bytes. A multiple of a bucket's parts, so that a piece leaves no tail.
What came of one that breaks off is kept; only a proxy that gathers bodies loses it whole, and refuses it when it allows
less."""
