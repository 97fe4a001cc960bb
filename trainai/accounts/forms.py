"""Signing up and logging in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.db import transaction

from trainai.accounts.models import Company, Membership, User


class LoginForm(AuthenticationForm):
    """Login by e-mail address."""

    error_messages = {
        "invalid_login": "This e-mail address and password do not belong together.",
        "inactive": "This account is closed.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "E-mail"
        self.fields["username"].widget = forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})


class SignupForm(forms.Form):
    """A new company and the person who owns it."""

    company = forms.CharField(
        max_length=200, label="Company", widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    name = forms.CharField(max_length=150, label="Your name", widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        max_length=254, label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label="Password", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError("Somebody has signed up with this address. Log in instead.")
        return email

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
        """Make the company and its owner."""
        given = self.cleaned_data
        user = User.objects.create_user(given["email"], given["password"], name=given["name"])
        company = Company.objects.create(name=given["company"])
        Membership.objects.create(user=user, company=company, role=Membership.Role.OWNER)
        return user
