"""Pages of the kernel: the work calendar, limits and office hours; imports and background work."""

from django.urls import path, register_converter

from core.converters import IsoDateConverter
from core.views import calendar, imports, jobs

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
    path("imports/", imports.Imports.as_view(), name="imports"),
    path("imports/template/<slug:kind>/", imports.ImportTemplate.as_view(), name="import_template"),
    path("imports/<int:pk>/", imports.ImportDetail.as_view(), name="import"),
    path("imports/<int:pk>/mapping/", imports.MapDepartments.as_view(), name="import_mapping"),
    path("imports/<int:pk>/commit/", imports.CommitImport.as_view(), name="import_commit"),
    path("imports/<int:pk>/undo/", imports.UndoImport.as_view(), name="import_undo"),
    path("imports/<int:pk>/failed-rows/", imports.FailedRows.as_view(), name="import_failed_rows"),
    path("jobs/<int:pk>/", jobs.JobDetail.as_view(), name="job"),
    path("jobs/<int:pk>/file/", jobs.JobFile.as_view(), name="job_file"),
]
