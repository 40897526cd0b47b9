"""Addresses: HTML pages at ``/``, REST at ``/api/v1/``. Each app keeps its own."""

from django.urls import include, path

from core.views import operation

urlpatterns = [
    path("healthz", operation.healthz, name="healthz"),
    path("readyz", operation.readyz, name="readyz"),
    path("metrics", operation.metrics, name="metrics"),
    path("api/v1/", include("config.api")),
    path("", include("accounts.urls")),
    path("", include("complaints.urls")),
    path("", include("indicators.urls")),
    path("", include("bulletins.urls")),
    path("", include("supervision.urls")),
    path("", include("overview.urls")),
    path("", include("departments.urls")),
    path("", include("core.urls")),
]

handler400 = "core.views.errors.bad_request"
handler403 = "core.views.errors.permission_denied"
handler404 = "core.views.errors.not_found"
handler500 = "core.views.errors.server_error"
