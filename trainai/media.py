"""Django's storage settings for recordings and what is made from them, from the environment."""

from typing import Any

from trainai import environment


def disk() -> dict[str, Any]:
    """Return the settings for the folder `MEDIA_ROOT`."""
    return {"BACKEND": "trainings.storages.disk.DiskStorage"}


def bucket(name: str) -> dict[str, Any]:
    """Return the settings for a bucket, by the variables that django-storages and boto3 know.

    Without keys boto3 looks for them where it always does: a profile, the role of the machine.
    """
    from botocore.config import Config

    access_key, secret_key = environment.together("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    endpoint = environment.address("AWS_S3_ENDPOINT_URL", "")
    style = environment.choice("AWS_S3_ADDRESSING_STYLE", "path" if endpoint else "virtual", ["path", "virtual"])
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": style},
        connect_timeout=5,
        read_timeout=environment.number("AWS_S3_TIMEOUT", 30, low=1, high=600),
        retries={"mode": "standard", "total_max_attempts": 3},
        max_pool_connections=64,
        # The newest checksums are unknown to many servers; what we send carries an MD5 where it counts.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    options = {
        "bucket_name": name,
        "access_key": access_key or None,
        "secret_key": secret_key or None,
        "endpoint_url": endpoint or None,
        "region_name": environment.text("AWS_S3_REGION_NAME", "us-east-1"),
        "location": environment.text("AWS_LOCATION"),
        "client_config": config,
    }
    return {"BACKEND": "trainings.storages.bucket.BucketStorage", "OPTIONS": options}
