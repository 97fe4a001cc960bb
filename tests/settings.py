"""The installation's settings on a database and a folder made for one run of the tests.

With a DATABASE_URL the tests use that server. Without one they start an embedded server of their own. Processes that
tests start inherit both by the environment. Where tests run side by side (pytest-xdist), each of its workers is such a
run: tests look at their server as a whole, and end sessions there.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from trainai import postgres

# https://pytest-xdist.readthedocs.io/en/stable/how-to.html#identifying-the-worker-process-during-a-test
_RUN = os.environ.get("PYTEST_XDIST_WORKER", "alone")
_MADE_HERE = os.environ.get("TESTS_RUN") != _RUN
if _MADE_HERE:
    os.environ["TESTS_RUN"] = _RUN
    # Not under pytest's own folder: that one is closed to every other user.
    VAR_DIR = Path(tempfile.mkdtemp(prefix="trainai-tests-"))
    os.environ["VAR_DIR"] = str(VAR_DIR)
    _SERVER_IS_OURS = os.environ.setdefault("TESTS_SERVER", os.environ.get("DATABASE_URL", "")) == ""
    if _SERVER_IS_OURS:
        os.environ["DATABASE_URL"] = postgres.acquire(VAR_DIR, durable=False).url

    @atexit.register
    def clean_up() -> None:
        """Stop the server, if it was ours, and delete the folder."""
        if os.getpid() == _OWNER:
            if _SERVER_IS_OURS:
                postgres.release(VAR_DIR)
            shutil.rmtree(VAR_DIR, ignore_errors=True)

    _OWNER = os.getpid()

# Whatever keys a developer has: no test talks to a real service.
for _name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "MUX_TOKEN_ID", "MUX_TOKEN_SECRET", "EMAIL_URL"):
    os.environ.pop(_name, None)

from trainai.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES |= {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
SERVESTATIC_USE_FINDERS = SERVESTATIC_AUTOREFRESH = True
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
