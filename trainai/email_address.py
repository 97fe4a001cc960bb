"""Where mails are handed in, from one address."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
"""Plain (a relay on this machine), STARTTLS (RFC 3207), TLS from the first byte (RFC 8314)."""
SMTP, NOWHERE = (f"django.core.mail.backends.{name}.EmailBackend" for name in ("smtp", "dummy"))
WRONG = (
    "EMAIL_URL is no mail server: write smtp+tls://user:password@host:587, smtps://user:password@host or smtp://host."
)


class MailServer(NamedTuple):
    """The values of Django's settings, in the order `settings.py` takes them."""

    backend: str = NOWHERE
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False


def mail_server(url: str) -> MailServer:
    """Return the mail server of an address; without one, mail goes nowhere."""
    if not url:
        return MailServer()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:  # a port that is no number
        raise ImproperlyConfigured(WRONG) from None
    scheme = parts.scheme
    if scheme not in PORTS or not host:
        raise ImproperlyConfigured(WRONG)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(SMTP, host, port or PORTS[scheme], user, password, scheme == "smtp+tls", scheme == "smtps")
