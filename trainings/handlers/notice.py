"""Mails the person who made a training that it is ready, or what it needs."""

from __future__ import annotations

import smtplib
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jobs.context import Context
from jobs.errors import PermanentError, TemporaryError
from jobs.models import BackgroundJob
from jobs.registry import handler
from trainings import notices, progress
from trainings.models import Sop, Step, Training


@handler("notice", label="Telling you by e-mail", max_retries=5, time_limit=300, takes={"status": str})
def notice(context: Context) -> dict[str, Any]:
    """Send the mail; a job whose worker dies after that does not send it again."""
    training = Training.objects.select_related("user", "company").filter(jobs=context.job, deleted_at=None).first()
    if training is None or not notices.mails_to(training):
        return {"sent": False, "reason": "not_wanted"}
    with translation.override(training.user.language or settings.LANGUAGE_CODE):
        mail = message(training, ready=context.input["status"] == "ready")
    context.step("send", lambda: _send(mail))
    return {"sent": True}


def message(training: Training, *, ready: bool) -> EmailMultiAlternatives:
    """Return the mail in the language of this moment, as plain text and as HTML."""
    jobs = BackgroundJob.objects.filter(training=training).select_related("depends_on", "training")
    facts = {
        "training": training,
        "ready": ready,
        "overview": progress.overview(jobs, timezone.now()),
        "steps": Step.objects.filter(sop__training=training).count(),
        "chapters": list(Sop.objects.filter(training=training).values_list("chapters__title", flat=True)),
        "address": f"{settings.PUBLIC_URL}{training.get_absolute_url()}",
        "settings_address": f"{settings.PUBLIC_URL}/accounts/preferences/",
        "language": translation.get_language(),
    }
    subject = _("“%(title)s” is ready") if ready else _("“%(title)s” needs you")
    mail = EmailMultiAlternatives(
        " ".join((subject % {"title": training.title}).split()),
        render_to_string("trainings/mail/notice.txt", facts).strip() + "\n",
        to=[training.user.email],
        headers={"Auto-Submitted": "auto-generated"},  # RFC 3834: no answering machine answers it
    )
    mail.attach_alternative(render_to_string("trainings/mail/notice.html", facts), "text/html")
    return mail


def _send(mail: EmailMultiAlternatives) -> bool:
    try:
        mail.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPAuthenticationError) as error:
        raise PermanentError("mail_refused", "The mail server refused this mail.", repr(error)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise TemporaryError(
            "mail_server", "The mail server does not answer. It is tried again.", repr(error)
        ) from error
    return True
