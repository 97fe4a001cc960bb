"""The guide's tests, run against the installation as it stands: real upload, real workers, real sockets."""
