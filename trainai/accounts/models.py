"""People and the companies they work for."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


class Company(models.Model):
    """A tenant: everything a person sees belongs to one company."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    quota_bytes = models.PositiveBigIntegerField(
        "space for recordings",
        null=True,
        blank=True,
        help_text="Bytes that this company's recordings may take. Empty: what COMPANY_QUOTA_BYTES says.",
    )

    class Meta:
        verbose_name_plural = "companies"

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes users known by their e-mail address."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        """Make a person; raise ValueError without an address."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        """Make an operator who may do everything in the admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a person by address, in whatever case it is typed."""
        return self.get(email=(username or "").lower())


class User(AbstractUser):
    """A person, known by their e-mail address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150, blank=True)
    wants_mail = models.BooleanField(default=True, db_default=True)
    """Whether a mail says when a training of theirs is ready or needs them."""
    language = models.CharField(max_length=10, blank=True, default="", db_default="")
    """In which language pages and mails speak; empty: as the browser asks, mails in the installation's own."""

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    @cached_property
    def membership(self) -> Membership | None:
        """The membership this person works under: the oldest one."""
        return self.memberships.select_related("company").order_by("created_at", "id").first()

    @property
    def company(self) -> Company | None:
        """The company this person works for, None for an operator without one."""
        return self.membership.company if self.membership else None


class Membership(models.Model):
    """What a person may do in a company."""

    class Role(models.TextChoices):
        """Owners manage people, creators make trainings, viewers learn from them."""

        OWNER = "owner", _("Owner")
        CREATOR = "creator", _("Creator")
        VIEWER = "viewer", _("Viewer")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.VIEWER)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "company"], name="one_membership_per_company")]

    def __str__(self) -> str:
        return f"{self.user} in {self.company} as {self.role}"

    @property
    def may_create(self) -> bool:
        """Whether this person may make, change and delete trainings and act on their jobs."""
        return self.role in (self.Role.OWNER, self.Role.CREATOR)
