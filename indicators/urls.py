"""HTML addresses of the app. Daily dispatch keeps its own in ``urls_dispatch``."""

from django.urls import include, path

app_name = "indicators"

urlpatterns = [
    path("", include("indicators.urls_dispatch")),
]
