"""HTML addresses of the app: issues, inspections, supervision orders."""

from django.urls import path

from supervision.views import (
    acts,
    evidence,
    findings,
    inspections,
    issue,
    ledger,
    look_backs,
    orders,
    printing,
    records,
    statistics,
    writing,
)

app_name = "supervision"

_ONE = "issues/<str:number>/"
_INSPECTION = "inspections/<int:pk>/"

urlpatterns = [
    path("issues/", ledger.IssueLedger.as_view(), name="issues"),
    path("issues/export/", ledger.IssueLedgerExport.as_view(), name="issues_export"),
    path("issues/remind/", ledger.RemindSelected.as_view(), name="issues_remind"),
    path("issues/assign/", ledger.AssignSelected.as_view(), name="issues_assign"),
    path("issues/statistics/", statistics.IssueStatistics.as_view(), name="statistics"),
    path("issues/statistics/rounds/", statistics.IssueRoundsBehind.as_view(), name="statistics_rounds"),
    path("issues/statistics/export/", statistics.IssueStatisticsExport.as_view(), name="statistics_export"),
    path("supervision/", orders.OrderList.as_view(), name="orders"),
    path("supervision/orders/<int:pk>/", orders.OrderDetail.as_view(), name="order"),
    path("supervision/orders/<int:pk>/document/", orders.OrderDocument.as_view(), name="order_document"),
    path("supervision/orders/<int:pk>/files/<int:evidence>/", orders.OrderFile.as_view(), name="order_file"),
    path("supervision/orders/<int:pk>/<str:act>/", orders.OrderAct.as_view(), name="order_act"),
    path("supervision/records/", records.RecordList.as_view(), name="records"),
    path("supervision/records/new/", records.KeepRecord.as_view(), name="record_new"),
    path("supervision/records/<int:pk>/", records.RecordDetail.as_view(), name="record"),
    path(f"{_ONE}form/", printing.IssueForm.as_view(), name="issue_form"),
    path("issues/look-backs/", look_backs.LookBacks.as_view(), name="look_backs"),
    path("issues/new/", writing.NewIssue.as_view(), name="issue_new"),
    path("issues/new/hints/", writing.IssueHints.as_view(), name="issue_hints"),
    path(_ONE, issue.IssueDetail.as_view(), name="issue"),
    path(f"{_ONE}edit/", writing.EditIssue.as_view(), name="issue_edit"),
    path(f"{_ONE}evidence/<int:pk>/", evidence.IssueFile.as_view(), name="issue_evidence"),
    path(f"{_ONE}evidence/<int:pk>/withdraw/", evidence.WithdrawEvidence.as_view(), name="issue_evidence_withdraw"),
    path(f"{_ONE}<str:act>/", acts.IssueAct.as_view(), name="issue_act"),
    path("inspections/", inspections.InspectionList.as_view(), name="inspections"),
    path("inspections/new/", inspections.NewInspection.as_view(), name="inspection_new"),
    path(_INSPECTION, inspections.InspectionDetail.as_view(), name="inspection"),
    path(f"{_INSPECTION}edit/", inspections.EditInspection.as_view(), name="inspection_edit"),
    path(f"{_INSPECTION}assign/", inspections.AssignFindings.as_view(), name="inspection_assign"),
    path(f"{_INSPECTION}plan/", inspections.InspectionFile.as_view(), {"file": "plan"}, name="inspection_plan"),
    path(f"{_INSPECTION}report/", inspections.InspectionFile.as_view(), {"file": "report"}, name="inspection_report"),
    path(f"{_INSPECTION}notices/<slug:department>/", inspections.InspectionNotice.as_view(), name="inspection_notice"),
    path(f"{_INSPECTION}photos/", findings.KeepPhoto.as_view(), name="inspection_photos"),
    path(f"{_INSPECTION}photos/<int:photo>/", findings.Photo.as_view(), name="inspection_photo"),
    path(f"{_INSPECTION}findings/new/", findings.NewFinding.as_view(), name="inspection_finding"),
    path(f"{_INSPECTION}findings/<str:number>/edit/", findings.EditFinding.as_view(), name="finding_edit"),
    path(f"{_INSPECTION}findings/<str:number>/delete/", findings.DeleteFinding.as_view(), name="finding_delete"),
]
