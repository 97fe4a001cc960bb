"""Every address of the installation, grouped by its first part."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("trainings.api_urls")),
]
