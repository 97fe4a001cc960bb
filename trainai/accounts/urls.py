from django.contrib.auth.views import LogoutView
from django.urls import path

from trainai.accounts.views import Login, signup

app_name = "accounts"
urlpatterns = [
    path("login/", Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("signup/", signup, name="signup"),
]
