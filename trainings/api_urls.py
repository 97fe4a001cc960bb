"""Addresses of the product's API. Each works with and without its last slash."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from trainings import tus

app_name = "trainings_api"


def _both(route: str, view: Any, name: str) -> list[URLPattern]:
    return [path(f"{route}/", view, name=name), path(route, view)]


urlpatterns = [
    *_both("uploads", tus.UploadsView.as_view(), "uploads"),
    *_both("uploads/<uuid:id>", tus.UploadView.as_view(), "upload"),
]
