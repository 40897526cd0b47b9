"""Pages about several apps at once, and the first page."""

from django.urls import path

from overview import views

app_name = "overview"

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("ui/", views.Components.as_view(), name="components"),
]
