"""The addresses of the activity page."""

from django.urls import path

from jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.jobs, name="list"),
    path("<uuid:job_id>/cancellation/", views.cancellation, name="cancellation"),
    path("<uuid:job_id>/retry/", views.retry, name="retry"),
]
