"""Log-in, one's own account, and the console of the three administrators."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", views.SignOut.as_view(), name="logout"),
    path("login/code/", views.Code.as_view(), name="code"),
    path("login/second-factor/", views.Enrolment.as_view(), name="enrolment"),
    path("account/second-factor/off/", views.TurnOff.as_view(), name="second_factor_off"),
    path("account/password/", views.Password.as_view(), name="password"),
]
