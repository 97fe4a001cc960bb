"""Answers that were paid for, kept until their training is deleted."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from trainings.models import StoredCall, Training
from trainings.paid import account


def key(*parts: object) -> str:
    """Return the key of a call: the same company sending the same things to the same model gets the same key."""
    text = json.dumps([str(account.current().company_id), *parts], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def recall(name: str) -> Any | None:
    """Return the stored answer, None when nobody asked before."""
    return StoredCall.objects.filter(key=name).values_list("answer", flat=True).first()


def keep(name: str, answer: Any) -> None:
    """Store an answer, never None. Storing it twice is no error."""
    training_id = account.current().training_id
    training = Training.objects.filter(pk=training_id).first() if training_id else None
    StoredCall.objects.bulk_create([StoredCall(key=name, answer=answer, training=training)], ignore_conflicts=True)
