"""Pages of the kernel: the work calendar, limits and office hours."""

from django.urls import path, register_converter

from core.converters import IsoDateConverter
from core.views import calendar

register_converter(IsoDateConverter, "isodate")

app_name = "core"

urlpatterns = [
    path("calendar/", calendar.CalendarPage.as_view(), name="calendar"),
    path("calendar/due-date/", calendar.DueDatePage.as_view(), name="due_date"),
    path("calendar/load/", calendar.LoadYearForm.as_view(), name="calendar_load"),
    path("calendar/load/file/", calendar.LoadYearFile.as_view(), name="calendar_load_file"),
    path("calendar/load/confirm/", calendar.ConfirmYear.as_view(), name="calendar_confirm"),
    path("calendar/days/<isodate:day>/", calendar.ChangeDay.as_view(), name="calendar_day"),
    path("calendar/rules/", calendar.RulesPage.as_view(), name="rules"),
    path("calendar/rules/add/", calendar.AddRule.as_view(), name="rule_add"),
    path("calendar/rules/<int:pk>/change/", calendar.ChangeRule.as_view(), name="rule_change"),
    path("calendar/rules/<int:pk>/end/", calendar.EndRule.as_view(), name="rule_end"),
    path("calendar/office-hours/", calendar.SetOfficeHours.as_view(), name="office_hours"),
]
