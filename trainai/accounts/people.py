"""The people of a company, and what their owner may change."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from trainai.accounts.forms import ROLES, InvitationForm, RoleForm
from trainai.accounts.invitations import DAYS
from trainai.accounts.models import Company, Membership
from trainai.refusals import NeedsOwner

LAST_OWNER = _("A company needs an owner: make somebody else the owner first.")


@login_required
def people(request: HttpRequest) -> HttpResponse:
    """List the company's people, and make a link for one more."""
    company = owned_company(request)
    form = InvitationForm(request.POST or None)
    link = request.build_absolute_uri(form.invitation(company).path()) if form.is_valid() else ""
    members = company.memberships.select_related("user").order_by("created_at")
    roles = ROLES
    context = {"company": company, "members": members, "roles": roles, "form": form, "link": link, "days": DAYS}
    return render(request, "accounts/people.html", context)


@require_POST
@login_required
@transaction.atomic
def role(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Change what a person may do."""
    member = locked_member(request, membership_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("There is no such role."))
    elif is_last_owner(member) and form.cleaned_data["role"] != Membership.Role.OWNER:
        messages.error(request, LAST_OWNER)
    else:
        member.role = form.cleaned_data["role"]
        member.save(update_fields=["role"])
    return redirect("accounts:people")


@require_POST
@login_required
@transaction.atomic
def removal(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Take a person out of the company. What they made stays."""
    member = locked_member(request, membership_id)
    if is_last_owner(member):
        messages.error(request, LAST_OWNER)
    else:
        member.delete()
    return redirect("accounts:people")


def owned_company(request: HttpRequest) -> Company:
    """Return the company of an owner; refuse everybody else."""
    membership = request.user.membership if request.user.is_authenticated else None
    if membership is None or membership.role != Membership.Role.OWNER:
        company = membership.company if membership else None
        raise NeedsOwner(_("Only an owner of the company may see and change its people."), company)
    return membership.company


def locked_member(request: HttpRequest, membership_id: UUID) -> Membership:
    """Return a membership of the owner's own company. Two owners change them one after the other."""
    company = owned_company(request)
    list(company.memberships.select_for_update().order_by("pk"))
    return get_object_or_404(company.memberships, pk=membership_id)


def is_last_owner(member: Membership) -> bool:
    """Whether the company would be without an owner."""
    owners = Membership.objects.filter(company=member.company_id, role=Membership.Role.OWNER)
    return not owners.exclude(pk=member.pk).exists()
