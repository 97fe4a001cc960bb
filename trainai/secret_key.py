"""The key that signs sessions and links."""

import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from trainai import private


def kept_in(var_dir: Path) -> str:
    """Return the installation's key, made at random the first time and kept under `var_dir`."""
    path = var_dir / "secret_key"
    try:
        return path.read_text()
    except FileNotFoundError:
        var_dir.mkdir(parents=True, exist_ok=True)
        private.write_once(path, secrets.token_urlsafe(64))
        return path.read_text()
    except PermissionError:
        raise ImproperlyConfigured(f"{path} belongs to another user: run as that user, or set SECRET_KEY.") from None
