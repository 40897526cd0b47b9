"""Addresses: HTML pages at ``/``, REST at ``/api/v1/``. Each app keeps its own."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("config.api")),
]
