"""A real mail server for tests, which keeps what it gets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as rfc

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django.fixtures import Settings

from bench.ports import free_port
from tests.waiting import PATIENCE_SECONDS


class Post:
    """The server's box; `answer` is what it says to a mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.mails.append(BytesParser(policy=rfc).parsebytes(envelope.original_content or b""))
        return self.answer


@contextmanager
def running(settings: Settings) -> Iterator[Post]:
    """Run one, to which the installation hands its mails."""
    post = Post()
    host, port = "127.0.0.1", free_port()
    controller = Controller(post, hostname=host, port=port, ready_timeout=PATIENCE_SECONDS)
    controller.start()
    settings.EMAIL_BACKEND, settings.EMAIL_URL = "django.core.mail.backends.smtp.EmailBackend", f"smtp://{host}:{port}"
    settings.EMAIL_HOST, settings.EMAIL_PORT = host, port
    yield post
    controller.stop()
