"""Links by which an owner lets a colleague into the company.

A link is a signed text and needs no row: it names one address, and once that address has signed up it is used.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing
from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse

from trainai.accounts.models import Company, Membership

DAYS = 7
_SALT = "trainai.accounts.invitation"


@dataclass(frozen=True)
class Invitation:
    """Who may join which company, and as what."""

    company: Company
    email: str
    role: Membership.Role

    def path(self) -> str:
        """Return the address, without the host, that the colleague opens."""
        content = {"company": str(self.company.id), "email": self.email, "role": self.role.value}
        return f"{reverse('accounts:signup')}?invitation={signing.dumps(content, salt=_SALT)}"


def read(token: str) -> Invitation | None:
    """Return the invitation in a link, None when it is not ours or older than a week."""
    try:
        content = signing.loads(token, salt=_SALT, max_age=DAYS * 24 * 3600)
        company = Company.objects.get(pk=content["company"])
    except (signing.BadSignature, ObjectDoesNotExist):
        return None
    return Invitation(company, content["email"], Membership.Role(content["role"]))
