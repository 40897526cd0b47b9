"""HTML addresses of the app: the office's and the departments' pages, then those of the public."""

from django.urls import path, register_converter

from complaints.views import acts, detail, escalations, identity, imports, intake, lists, printing, public, statistics
from core.converters import NumberConverter

register_converter(NumberConverter, "number")

app_name = "complaints"

_ONE = "complaints/<number:number>/"
_PUBLIC = "public/complaints/"

urlpatterns = [
    path("complaints/", lists.ComplaintList.as_view(), name="list"),
    path("complaints/export/", lists.ComplaintListExport.as_view(), name="export"),
    path("complaints/remind/", lists.RemindSelected.as_view(), name="remind_selected"),
    path("complaints/irrelevant/", lists.MarkIrrelevant.as_view(), name="mark_irrelevant"),
    path("complaints/new/", intake.RegisterComplaint.as_view(), name="new"),
    path("complaints/new/hints/", intake.IntakeHints.as_view(), name="hints"),
    path("complaints/statistics/", statistics.ComplaintStatistics.as_view(), name="statistics"),
    path("complaints/statistics/rounds/", statistics.RoundsBehind.as_view(), name="statistics_rounds"),
    path("complaints/statistics/export/", statistics.StatisticsExport.as_view(), name="statistics_export"),
    path("complaints/imports/<int:pk>/relevance/", imports.DecideRelevance.as_view(), name="import_relevance"),
    path(_ONE, detail.ComplaintDetail.as_view(), name="detail"),
    path(f"{_ONE}correct/", intake.CorrectComplaint.as_view(), name="correct"),
    path(f"{_ONE}reveal/", identity.RevealIdentity.as_view(), name="reveal"),
    path(f"{_ONE}escalations/", escalations.RecordRung.as_view(), name="escalations"),
    path(f"{_ONE}receipt/", printing.PrintedByOffice.as_view(), {"document": "receipt"}, name="receipt"),
    path(f"{_ONE}refusal/", printing.PrintedByOffice.as_view(), {"document": "refusal"}, name="refusal"),
    path(f"{_ONE}code/", printing.IssueCode.as_view(), name="code"),
    path(f"{_ONE}<str:act>/", acts.ComplaintAct.as_view(), name="act"),
    # The public's, without an account.
    path(f"{_PUBLIC}new/", public.SubmitComplaint.as_view(), name="public_form"),
    path(f"{_PUBLIC}progress/", public.LookUp.as_view(), name="public_progress"),
    path(f"{_PUBLIC}progress/material/", public.AddMaterial.as_view(), name="public_material"),
    path(f"{_PUBLIC}progress/rating/", public.Rate.as_view(), name="public_rating"),
    path(f"{_PUBLIC}receipt/", public.Printed.as_view(), {"document": "receipt"}, name="public_receipt"),
    path(f"{_PUBLIC}refusal/", public.Printed.as_view(), {"document": "refusal"}, name="public_refusal"),
]
