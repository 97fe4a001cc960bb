"""Signing up and logging in; logging out is Django's own view."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.views import LoginView
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from trainai.accounts import invitations
from trainai.accounts.forms import TAKEN, LoginForm, SignupForm
from trainai.accounts.models import User


class Login(LoginView):
    """Log in by e-mail and password."""

    authentication_form = LoginForm
    template_name = "accounts/login.html"
    redirect_authenticated_user = True


def signup(request: HttpRequest) -> HttpResponse:
    """Make a company and its owner, or let an invited colleague in; logged in either way."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    token = request.GET.get("invitation", "")
    invitation = invitations.read(token) if token else None
    if token and invitation is None:
        return render(request, "accounts/invitation_over.html", {"days": invitations.DAYS}, status=410)
    form = SignupForm(request.POST or None, invitation=invitation)
    if form.is_valid() and (user := saved(form)):
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/signup.html", {"form": form, "invitation": invitation})


def saved(form: SignupForm) -> User | None:
    """Return the new person; None, with the reason in the form, when the button was pressed twice."""
    try:
        return form.save()
    except IntegrityError:
        form.add_error("email", TAKEN)
        return None
