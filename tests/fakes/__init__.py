"""Servers of ours that behave like the services: documented status codes, headers, limits and errors, on loopback."""
