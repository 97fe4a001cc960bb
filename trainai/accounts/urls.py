from django.contrib.auth.views import LogoutView
from django.urls import path

from trainai.accounts import people, preferences, views

app_name = "accounts"
urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("signup/", views.signup, name="signup"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("people/", people.people, name="people"),
    path("people/<uuid:membership_id>/role/", people.role, name="role"),
    path("people/<uuid:membership_id>/removal/", people.removal, name="removal"),
]
