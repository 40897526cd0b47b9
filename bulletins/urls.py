"""HTML addresses of the app: bulletins, their schedule, their files."""

from django.urls import path

from bulletins.views import bulletin

app_name = "bulletins"

urlpatterns = [
    path("bulletins/<str:number>/", bulletin.BulletinDetail.as_view(), name="detail"),
]
