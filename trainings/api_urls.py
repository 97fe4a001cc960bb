"""Addresses of the product's API."""

from __future__ import annotations

from django.urls import path

from trainings import api, tus

app_name = "trainings_api"
urlpatterns = [
    path("uploads/", tus.UploadsView.as_view(), name="uploads"),
    path("uploads/<uuid:id>/", tus.UploadView.as_view(), name="upload"),
    path("trainings/", api.TrainingsView.as_view(), name="trainings"),
    path("trainings/<uuid:id>/", api.TrainingView.as_view(), name="training"),
    path("trainings/<uuid:id>/transcript.vtt", api.TranscriptVttView.as_view(), name="transcript_vtt"),
    path("trainings/<uuid:id>/transcript.srt", api.TranscriptSrtView.as_view(), name="transcript_srt"),
    path("trainings/<uuid:id>/transcript.json", api.TranscriptJsonView.as_view(), name="transcript_json"),
    path("trainings/<uuid:id>/chapters.vtt", api.ChaptersView.as_view(), name="chapters"),
    path("trainings/<uuid:id>/sop.md", api.SopView.as_view(), name="sop"),
]
