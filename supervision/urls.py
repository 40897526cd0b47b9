"""HTML addresses of the app: issues, inspections, supervision orders."""

from django.urls import path

from supervision.views import issue

app_name = "supervision"

_ONE = "issues/<str:number>/"

urlpatterns = [
    path(_ONE, issue.IssueDetail.as_view(), name="issue"),
]
