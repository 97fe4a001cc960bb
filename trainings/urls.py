"""The addresses of the product's pages; what changes a training is a noun below it."""

from django.urls import path

from trainings import views

app_name = "trainings"
urlpatterns = [
    path("", views.training_list, name="list"),
    path("trainings/new/", views.new, name="new"),
    path("trainings/<uuid:training_id>/", views.training, name="training"),
    path("trainings/<uuid:training_id>/title/", views.title, name="title"),
    path("trainings/<uuid:training_id>/cancellation/", views.cancellation, name="cancellation"),
    path("trainings/<uuid:training_id>/continuation/", views.continuation, name="continuation"),
    path("trainings/<uuid:training_id>/listening/", views.listening, name="listening"),
    path("trainings/<uuid:training_id>/removal/", views.removal_, name="removal"),
]
