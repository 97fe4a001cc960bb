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


def keep(name: str, answer: Any) -> Any:
    """Store an answer, never None, and return it as it is stored. Storing it twice is no error."""
    answer = _storable(answer)
    training_id = account.current().training_id
    training = Training.objects.filter(pk=training_id).first() if training_id else None
    StoredCall.objects.bulk_create([StoredCall(key=name, answer=answer, training=training)], ignore_conflicts=True)
    return answer


def _storable(value: Any) -> Any:
    """Return JSON without the two things a database cannot hold: the character 0 and halves of characters."""
    if isinstance(value, str):
        return value.encode("utf-8", "ignore").decode().replace("\0", "")
    if isinstance(value, list):
        return [_storable(each) for each in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(each) for name, each in value.items()}
    return value
