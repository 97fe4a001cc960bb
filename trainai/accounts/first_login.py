"""The owner of a local installation, made at its first start."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import TypedDict

from django.conf import settings
from django.db import connection, transaction

from trainai import private
from trainai.accounts.models import Company, Membership, User

EMAIL = "owner@trainai.local"
COMPANY = "My company"


class Login(TypedDict):
    """What `var/login.json` holds."""

    email: str
    password: str


def path() -> Path:
    """Return where the login is kept."""
    return Path(settings.VAR_DIR / "login.json")


def read() -> Login | None:
    """Return the login made at the first start, None when there is none."""
    try:
        login: Login = json.loads(path().read_text())
    except FileNotFoundError:
        return None
    return login


def ensure() -> Login | None:
    """Make the owner when nobody is there yet. Never on a database of the operator's own: people sign up there.

    The file comes first: a start that is interrupted in between goes on with the same password.
    """
    if settings.DATABASE_URL:
        return None
    if not User.objects.exists():
        with transaction.atomic():
            # Of two that start at the same moment (`up` and a command) the second waits here and finds it made.
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {User._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
            if not User.objects.exists():
                make_owner(read() or make())
    return read()


def make() -> Login:
    """Make a login at random and keep it."""
    login = Login(email=EMAIL, password=secrets.token_urlsafe(12))
    private.write(path(), json.dumps(login, indent=2) + "\n")
    return login


@transaction.atomic
def make_owner(login: Login) -> User:
    """Make a company and its owner, who may also enter the admin."""
    owner = User.objects.create_superuser(login["email"], login["password"], name="Owner")
    Membership.objects.create(user=owner, company=Company.objects.create(name=COMPANY), role=Membership.Role.OWNER)
    return owner
