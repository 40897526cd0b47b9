"""HTML addresses of the app: the office's and the departments' pages, then those of the public."""

from django.urls import path

from complaints.views import detail, lists

app_name = "complaints"

urlpatterns = [
    path("complaints/", lists.ComplaintList.as_view(), name="list"),
    path("complaints/<str:number>/", detail.ComplaintDetail.as_view(), name="detail"),
]
