"""HTML addresses of the app: bulletins, their schedule, their files."""

from django.urls import path

from bulletins.views import acts, bulletin, editing, lists, schedule

app_name = "bulletins"

_ONE = "bulletins/<str:number>/"
_SCHEDULE = "bulletins/schedule/"

urlpatterns = [
    path("bulletins/", lists.BulletinList.as_view(), name="list"),
    path("bulletins/new/", lists.NewBulletin.as_view(), name="new"),
    path(_SCHEDULE, schedule.SchedulePage.as_view(), name="schedule"),
    path(f"{_SCHEDULE}install/", schedule.InstallSchedules.as_view(), name="schedule_install"),
    path(f"{_SCHEDULE}counters/", schedule.Counters.as_view(), name="counters"),
    path(f"{_SCHEDULE}<str:kind>/", schedule.EditSchedule.as_view(), name="schedule_edit"),
    path(f"{_SCHEDULE}<str:kind>/run/", schedule.RunNow.as_view(), name="schedule_run"),
    path(f"{_SCHEDULE}<str:kind>/skip/", schedule.SkipPeriod.as_view(), name="schedule_skip"),
    path(_ONE, bulletin.BulletinDetail.as_view(), name="detail"),
    path(f"{_ONE}edit/", editing.EditBulletin.as_view(), name="edit"),
    path(f"{_ONE}adopt/", editing.AdoptNumbers.as_view(), name="adopt"),
    path(f"{_ONE}keep/", editing.KeepNumbers.as_view(), name="keep"),
    path(f"{_ONE}restore/", editing.RestoreSection.as_view(), name="restore"),
    path(f"{_ONE}leave-out/", editing.LeaveOut.as_view(), name="leave_out"),
    path(f"{_ONE}include/", editing.IncludeAgain.as_view(), name="include"),
    path(f"{_ONE}compare/", bulletin.CompareBulletins.as_view(), name="compare"),
    path(f"{_ONE}document/", bulletin.BulletinDocument.as_view(), name="document"),
    path(f"{_ONE}picture/", bulletin.BulletinPicture.as_view(), name="picture"),
    path(f"{_ONE}scan/", editing.StampedScan.as_view(), name="scan"),
    path(f"{_ONE}<str:act>/", acts.BulletinAct.as_view(), name="act"),
]
