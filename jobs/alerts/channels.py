"""The ways to an operator. Each raises when the message was not taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from jobs.models import AlertNotice

TIMEOUT_SECONDS = 10.0
SUBJECTS = {
    "failed": "{count} failed for good",
    "stuck": "{count} stuck",
    "no_worker": "No worker is alive",
    "queue": "The queue is too old",
}


def configured() -> list[str]:
    """Return the names of the channels that are set up."""
    return [name for name, there in (("mail", settings.ALERT_EMAIL), ("webhook", settings.ALERT_WEBHOOK)) if there]


def subject(notice: AlertNotice) -> str:
    """Return one line that says what it is about."""
    count = f"{len(notice.lines)} job{'s' if len(notice.lines) != 1 else ''}"
    said = SUBJECTS[notice.kind].format(count=count)
    return f"Over: {said}" if notice.event == "cleared" else said


def mail(notice: AlertNotice) -> None:
    """Hand a mail in to the mail server."""
    text = "\n".join(notice.lines)
    # The same for every try, so that a mail that was taken and not noted is shown once.
    headers = {"Message-ID": f"<alert-{notice.pk}-{notice.created_at:%Y%m%d%H%M%S}@trainai>"}
    prefixed = f"{settings.EMAIL_SUBJECT_PREFIX}{subject(notice)}"
    EmailMessage(prefixed, text, to=settings.ALERT_EMAIL, headers=headers).send()


def webhook(notice: AlertNotice) -> None:
    """POST it as JSON; any answer but 2xx means that it was not taken. `id` is the same for every try."""
    import httpx  # every worker would load it at its start, and most never send an alert

    httpx.post(settings.ALERT_WEBHOOK, json=body(notice), timeout=TIMEOUT_SECONDS).raise_for_status()


def body(notice: AlertNotice) -> dict[str, Any]:
    """Return the JSON of a webhook; chat services that speak Slack's format show its `text`."""
    return {
        "id": notice.pk,
        "event": notice.event,
        "kind": notice.kind,
        "text": "\n".join([f"TrainAI: {subject(notice)}", *notice.lines]),
        "lines": notice.lines,
        "at": notice.created_at.isoformat(),
    }


SENDERS: dict[str, Callable[[AlertNotice], None]] = {"mail": mail, "webhook": webhook}
