"""Every address of the installation, grouped by its first part."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from jobs.views import line
from trainai import health, metrics, views
from trainings import captions_link, media_views, webhooks

admin.autodiscover()  # here and not at every start: a worker that is replaced should be back soon
urlpatterns = [
    path("", include("trainings.urls")),
    path("jobs/", include("jobs.urls")),
    path("ws/jobs/", line),
    path("patterns/", views.patterns, name="patterns"),
    path("accounts/", include("trainai.accounts.urls")),
    path("admin/", admin.site.urls),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("api/", include("jobs.api_urls")),
    path("api/", include("trainings.api_urls")),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("metrics", metrics.metrics),
    path("webhooks/mux/", webhooks.mux, name="mux_webhook"),
    path("captions/<uuid:training_id>/<str:key>/captions.vtt", captions_link.captions, name="captions"),
    path("media/<uuid:training_id>/<str:key>/<path:path>", media_views.media, name="media"),
]
handler403 = "trainai.refusals.forbidden"
handler404 = "trainai.api.not_found"
handler500 = "trainai.api.server_error"
