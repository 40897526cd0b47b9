"""The product's addresses and the bare equivalents beside them."""

from django.urls import include, path

from benchmarks import bare

urlpatterns = [
    path("bare/page/", bare.page),
    path("bare/api/reports/", bare.ReportList.as_view()),
    path("bare/api/complaints/", bare.ComplaintList.as_view()),
    path("bare/api/issues/", bare.IssueList.as_view()),
    path("bare/api/indicators/", bare.IndicatorList.as_view()),
    path("", include("config.urls")),
]
handler400 = "core.views.errors.bad_request"
handler403 = "core.views.errors.permission_denied"
handler404 = "core.views.errors.not_found"
handler500 = "core.views.errors.server_error"
