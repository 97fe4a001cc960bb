"""Signing up and logging in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from trainai.accounts.invitations import Invitation
from trainai.accounts.models import Company, Membership, User

ROLES = [
    (Membership.Role.OWNER.value, _("Owner")),
    (Membership.Role.CREATOR.value, _("Creator")),
    (Membership.Role.VIEWER.value, _("Viewer")),
]
TAKEN = _("This address has an account already.")


class LoginForm(AuthenticationForm):
    """Login by e-mail address."""

    error_messages = {
        "invalid_login": _("This e-mail address and password do not belong together."),
        "inactive": _("This account is closed."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("E-mail")
        self.fields["username"].widget = forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})


class SignupForm(forms.Form):
    """A new company and the person who owns it, or a colleague who was invited into one."""

    company = forms.CharField(
        max_length=200, label=_("Company"), widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    name = forms.CharField(max_length=150, label=_("Your name"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        max_length=254, label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, invitation: Invitation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        if invitation:
            del self.fields["company"]
            self.fields["email"].initial = invitation.email
            self.fields["email"].disabled = True

    def clean_email(self) -> str:
        return free_address(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        """Judge the password beside the person's own words."""
        given = self.cleaned_data
        if password := given.get("password"):
            person = User(email=given.get("email", ""), name=given.get("name", ""))
            try:
                password_validation.validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return given

    @transaction.atomic
    def save(self) -> User:
        """Make the person and, without an invitation, the company."""
        given = self.cleaned_data
        user = User.objects.create_user(given["email"], given["password"], name=given["name"])
        company = self.invitation.company if self.invitation else Company.objects.create(name=given["company"])
        role = self.invitation.role if self.invitation else Membership.Role.OWNER
        Membership.objects.create(user=user, company=company, role=role)
        return user


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]  # not a generic at run time
    """What a person decides for themselves."""

    wants_mail = forms.BooleanField(
        required=False,
        label=_("Mail me when a training of mine is ready or needs me"),
        help_text=_("One mail at the end, never one for each stage."),
    )
    language = forms.ChoiceField(
        required=False, label=_("Language"), choices=[("", _("As my browser asks")), *settings.LANGUAGES]
    )

    class Meta:
        model = User
        fields = ["name", "language", "wants_mail"]
        labels = {"name": _("Your name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        if not settings.EMAIL_URL:
            del self.fields["wants_mail"]


class RoleForm(forms.Form):
    """What a person may do."""

    role = forms.ChoiceField(choices=ROLES, label=_("Role"))


class InvitationForm(RoleForm):
    """Who is let into the company."""

    email = forms.EmailField(max_length=254, label=_("E-mail"))
    field_order = ["email", "role"]

    def clean_email(self) -> str:
        return free_address(self.cleaned_data["email"])

    def invitation(self, company: Company) -> Invitation:
        """Return the invitation into `company`."""
        return Invitation(company, self.cleaned_data["email"], Membership.Role(self.cleaned_data["role"]))


def free_address(email: str) -> str:
    """Return an address as it is stored; refuse one that has an account."""
    if User.objects.filter(email=email.lower()).exists():
        raise forms.ValidationError(TAKEN)
    return email.lower()
