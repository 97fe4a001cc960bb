"""Providers elsewhere, over real sockets to servers of ours."""
