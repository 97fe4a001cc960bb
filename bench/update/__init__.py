"""An update under load: the last release's processes beside ours, on one database. See `docs/many-hosts.md`."""
