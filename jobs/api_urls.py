"""Addresses of the jobs API, below `/api/`."""

from __future__ import annotations

from django.urls import path

from jobs import api

app_name = "jobs_api"
urlpatterns = [
    path("jobs/", api.JobsView.as_view(), name="jobs"),
    path("jobs/process", api.ProcessView.as_view(), name="process"),
    path("jobs/<uuid:id>/", api.JobView.as_view(), name="job"),
    path("jobs/<uuid:id>/cancel/", api.CancellationView.as_view(), name="cancel"),
    path("jobs/<uuid:id>/retry/", api.RetryView.as_view(), name="retry"),
]
