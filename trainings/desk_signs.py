"""How services elsewhere and the disk are, on the first page of the operators' desk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jobs.admin import signs
from jobs.admin.signs import Sign
from trainings.models import Service

LEAST_FREE_BYTES = 2 * 2**30
"""Below it somebody should look: `manage.py check` says so too."""


@signs.register
def services() -> Iterator[Sign]:
    """Yield the services that nobody calls at the moment, or that there are none."""
    name, address = _("Services elsewhere:"), reverse("admin:trainings_service_changelist")
    resting = list(Service.objects.filter(closed_until__gt=timezone.now()).order_by("name"))
    if not resting:
        yield Sign(name, _("none is out of order"), address)
    for service in resting:
        until = f"{service.closed_until:%H:%M:%S} UTC"
        told = _("%(name)s is not called until %(time)s (%(reason)s)")
        yield Sign(name, told % {"name": service.name, "time": until, "reason": service.reason}, address, alarm=True)


@signs.register
def disk() -> Iterator[Sign]:
    """Yield what is free where this host keeps recordings, or works on them when a bucket keeps them."""
    folder = Path(settings.VAR_DIR if settings.MEDIA_BUCKET else settings.MEDIA_ROOT)
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    free = {"free": f"{usage.free / 2**30:.0f}", "all": f"{usage.total / 2**30:.0f}"}
    told = _("%(free)s of %(all)s GB free on this host") % free
    yield Sign(_("Disk:"), told, alarm=usage.free < LEAST_FREE_BYTES)
