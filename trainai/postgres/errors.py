"""What can go wrong with the embedded server."""


class ServerUnavailable(Exception):
    """The embedded PostgreSQL cannot be started; the text is one sentence that says why and what to do."""
