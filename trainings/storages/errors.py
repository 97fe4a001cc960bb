"""What can go wrong with a storage, and what a person can do about it."""

from __future__ import annotations


class NoSpace(Exception):
    """The disk is full. What was settled before stays."""


class Lost(Exception):
    """The storage does not have the bytes that an upload's row promises."""


class StorageTrouble(Exception):
    """The bucket cannot be used now: a stable `code`, a `message` with what to do, the technical `detail`."""

    def __init__(self, code: str, message: str, detail: str = "") -> None:
        super().__init__(f"{message} ({detail})" if detail else message)
        self.code = code
        self.message = message
        self.detail = detail


def missing(bucket: str) -> StorageTrouble:
    """There is no bucket of this name."""
    return StorageTrouble(
        "storage_missing",
        f"The bucket “{bucket}” does not exist. Make it, or correct AWS_STORAGE_BUCKET_NAME and AWS_S3_ENDPOINT_URL.",
    )


def refused(detail: str) -> StorageTrouble:
    """The keys are wrong, expired or signed by a wrong clock."""
    return StorageTrouble(
        "storage_refused",
        "The storage refused our keys. Correct AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and check the clock.",
        detail,
    )


def forbidden(bucket: str, detail: str) -> StorageTrouble:
    """The keys are known, but may not do this."""
    return StorageTrouble(
        "storage_forbidden",
        f"Our keys may not read, list, write and delete in the bucket “{bucket}”. Give them these four rights.",
        detail,
    )


def unreachable(detail: str) -> StorageTrouble:
    """Nobody answers, or too slowly."""
    return StorageTrouble("storage_unreachable", "The storage does not answer. The work goes on when it does.", detail)


def failing(detail: str) -> StorageTrouble:
    """It answers that it cannot."""
    return StorageTrouble("storage_failing", "The storage reports an error of its own. This is tried again.", detail)
