"""What the S3 client raises, told in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import RetriesExceededError, S3UploadFailedError
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError

from trainings.storages import errors

MISSING_FILE = {"NoSuchKey", "404"}
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
    if code == "NoSuchBucket":
        return errors.missing(storage.bucket_name)
    if code in MISSING_FILE:
        return _missing(storage, name, headless=code == "404")
    if code in REFUSED:
        return errors.refused(code)
    if status in (401, 403, 405):
        return errors.forbidden(storage.bucket_name, f"{code} at {error.operation_name}")
    return errors.failing(f"{code or status} at {error.operation_name}")


def _missing(storage: Any, name: str, *, headless: bool) -> Exception:
    """A HEAD says 404 for a missing file and for a missing bucket."""
    if headless:
        try:
            storage.client.head_bucket(Bucket=storage.bucket_name)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return errors.missing(storage.bucket_name)
    return FileNotFoundError(name)
