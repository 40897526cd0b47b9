"""Addresses of daily dispatch, included by ``indicators.urls``."""

from django.urls import path, register_converter

from core.converters import IsoDateConverter
from indicators.views import coordination, daily_reports, dispatch, report_acts

register_converter(IsoDateConverter, "day")

_DAY = "daily-reports/<str:code>/<day:day>/"
_REPORT = "daily-reports/<int:pk>/"

urlpatterns = [
    path("daily-reports/", daily_reports.DailyReports.as_view(), name="daily_reports"),
    path("daily-reports/no-change/", daily_reports.NoChangeForAll.as_view(), name="no_change_all"),
    path("daily-reports/approve/", report_acts.ApproveSelected.as_view(), name="approve_selected"),
    path("daily-reports/export/", dispatch.ReportExport.as_view(), name="report_export"),
    path("daily-reports/confirm/<str:code>/", report_acts.ConfirmValue.as_view(), name="confirm_value"),
    path(_DAY, daily_reports.ReportFormPage.as_view(), name="report_form"),
    path(f"{_DAY}draft/", daily_reports.DraftSave.as_view(), name="draft_save"),
    path(f"{_DAY}no-change/", daily_reports.NoChangeToday.as_view(), name="no_change"),
    path(_REPORT, report_acts.ReportDetail.as_view(), name="report_detail"),
    path(f"{_REPORT}submit/", report_acts.SubmitReport.as_view(), name="report_submit"),
    path(f"{_REPORT}resubmit/", report_acts.ResubmitReport.as_view(), name="report_resubmit"),
    path(f"{_REPORT}approve/", report_acts.ApproveReport.as_view(), name="report_approve"),
    path(f"{_REPORT}send-back/", report_acts.SendBackReport.as_view(), name="report_send_back"),
    path(f"{_REPORT}withdraw/", report_acts.WithdrawReport.as_view(), name="report_withdraw"),
    path(f"{_REPORT}accept/", report_acts.AcceptReport.as_view(), name="report_accept"),
    path(f"{_REPORT}return/", report_acts.ReturnReport.as_view(), name="report_return"),
    path(f"{_REPORT}reopen/", report_acts.ReopenReport.as_view(), name="report_reopen"),
    path(f"{_REPORT}evidence/", report_acts.AttachEvidence.as_view(), name="report_evidence"),
    path("dispatch/", dispatch.DispatchBoard.as_view(), name="dispatch"),
    path("dispatch/review/", dispatch.DispatchReview.as_view(), name="dispatch_review"),
    path("dispatch/review/accept/", report_acts.AcceptSelected.as_view(), name="accept_selected"),
    path("dispatch/remind/", dispatch.Remind.as_view(), name="dispatch_remind"),
    path("dispatch/unlock/<str:code>/<day:day>/", dispatch.Unlock.as_view(), name="dispatch_unlock"),
    path("dispatch/changes/", dispatch.DispatchChanges.as_view(), name="dispatch_changes"),
    path("dispatch/completeness/", dispatch.DispatchCompleteness.as_view(), name="dispatch_completeness"),
    path("dispatch/classes/", dispatch.DispatchClasses.as_view(), name="dispatch_classes"),
    path("dispatch/classes/<int:pk>/", dispatch.DecideProposal.as_view(), name="decide_proposal"),
    path("coordination/", coordination.CoordinationList.as_view(), name="coordination"),
    path("coordination/export/", coordination.ExportItems.as_view(), name="coordination_export"),
    path("coordination/<int:pk>/", coordination.CoordinationDetail.as_view(), name="coordination_detail"),
    path("coordination/<int:pk>/assign/", coordination.AssignItem.as_view(), name="coordination_assign"),
    path("coordination/<int:pk>/reply/", coordination.ReplyItem.as_view(), name="coordination_reply"),
    path("coordination/<int:pk>/close/", coordination.CloseItem.as_view(), name="coordination_close"),
    path("coordination/<int:pk>/reopen/", coordination.ReopenItem.as_view(), name="coordination_reopen"),
    path("instructions/", coordination.Instructions.as_view(), name="instructions"),
]
