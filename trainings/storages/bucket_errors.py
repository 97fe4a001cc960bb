"""What the S3 client raises, told in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import RetriesExceededError, S3UploadFailedError
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError

from trainings.storages import errors

REFUSED = {
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "ExpiredToken",
    "InvalidToken",
    "TokenRefreshRequired",
    "RequestTimeTooSkewed",
    "AuthorizationHeaderMalformed",
}


@contextmanager
def translated(storage: Any, name: str) -> Iterator[None]:
    """Raise FileNotFoundError or StorageTrouble in the place of the client's errors."""
    try:
        yield
    except ClientError as error:
        raise _told(storage, name, error) from error
    except S3UploadFailedError as error:  # hides the ClientError it came from
        cause = error.__context__
        raise (_told(storage, name, cause) if isinstance(cause, ClientError) else errors.failing(str(error))) from error
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise errors.refused(str(error)) from error
    except (BotoCoreError, RetriesExceededError) as error:
        raise errors.unreachable(type(error).__name__) from error


def _told(storage: Any, name: str, error: ClientError) -> Exception:
    code = error.response["Error"].get("Code", "")
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    if code.isdecimal():
        return _told_without_words(storage, name, status, error)
    if code == "NoSuchBucket":
        return errors.missing(storage.bucket_name)
    if code == "NoSuchKey":
        return FileNotFoundError(name)
    if code in REFUSED:
        return errors.refused(code)
    if status in (401, 403, 405):
        return errors.forbidden(storage.bucket_name, f"{code} at {error.operation_name}")
    return errors.failing(f"{code or status} at {error.operation_name}")


def _told_without_words(storage: Any, name: str, status: int, error: ClientError) -> Exception:
    """The answer to a HEAD has a number and no words: whoever asks for a list hears what is the matter."""
    try:
        storage.client.list_objects_v2(Bucket=storage.bucket_name, MaxKeys=1)
    except ClientError as in_words:
        return _told(storage, name, in_words)
    if status == 404:
        return FileNotFoundError(name)
    if status == 403:
        return errors.forbidden(storage.bucket_name, f"403 at {error.operation_name}")
    return errors.failing(f"{status} at {error.operation_name}")
