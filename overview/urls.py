"""Pages about several apps at once, and the first page."""

from django.urls import path

from overview import views

app_name = "overview"

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("changes/", views.RecentChanges.as_view(), name="changes"),
    path("dashboard/", views.Dashboard.as_view(), name="dashboard"),
    path("prints/", views.Prints.as_view(), name="prints"),
    path("screen/", views.Screen.as_view(), name="screen"),
    path("search/", views.Search.as_view(), name="search"),
    path("feeds/deadlines.ics", views.deadlines_feed, name="deadlines"),
    path("help/", views.Help.as_view(), name="help"),
    path("help/feedback/", views.Feedback.as_view(), name="feedback"),
    path("help/<slug:slug>/", views.Help.as_view(), name="help_chapter"),
    path("ui/", views.Components.as_view(), name="components"),
]
