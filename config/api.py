"""The REST router: one line per resource (api.md)."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from accounts.api import AuditEventViewSet, AuthToken, InboxViewSet, RevokeToken
from bulletins.api.bulletins import BulletinViewSet
from complaints.api.complaints import ComplaintViewSet
from complaints.api.statistics import ComplaintStatisticsViewSet
from core.api.calendar import CalendarViewSet
from core.api.imports import ImportViewSet
from departments.api import DepartmentViewSet, LeadingGroupViewSet
from indicators.api.completeness import CompletenessViewSet
from indicators.api.daily_reports import DailyReportViewSet
from indicators.api.evidence import EvidenceViewSet
from indicators.api.indicators import IndicatorViewSet, ScoresViewSet
from supervision.api.inspections import InspectionViewSet
from supervision.api.issues import IssueViewSet
from supervision.api.orders import SupervisionOrderViewSet
from supervision.api.records import AccountabilityRecordViewSet
from supervision.api.statistics import IssueStatisticsViewSet

router = SimpleRouter()
router.register("audit-events", AuditEventViewSet, basename="audit-events")
router.register("inbox", InboxViewSet, basename="inbox")
router.register("calendar", CalendarViewSet, basename="calendar")
router.register("departments", DepartmentViewSet, basename="department")
router.register("leading-group", LeadingGroupViewSet, basename="leading-group")
router.register("imports", ImportViewSet, basename="import")
router.register("daily-reports", DailyReportViewSet, basename="daily-report")
router.register("complaints/statistics", ComplaintStatisticsViewSet, basename="complaint-statistics")
router.register("complaints", ComplaintViewSet, basename="complaint")
router.register("inspections", InspectionViewSet, basename="inspection")
router.register("supervision-orders", SupervisionOrderViewSet, basename="supervision-order")
router.register("accountability-records", AccountabilityRecordViewSet, basename="accountability-record")
router.register("indicators", IndicatorViewSet, basename="indicator")
router.register("scores", ScoresViewSet, basename="score")
router.register("evidence", EvidenceViewSet, basename="evidence")
router.register("issues/statistics", IssueStatisticsViewSet, basename="issue-statistics")
router.register("issues", IssueViewSet, basename="issue")
router.register("bulletins", BulletinViewSet, basename="bulletin")
router.register("completeness", CompletenessViewSet, basename="completeness")

urlpatterns = [
    path("auth/token/", AuthToken.as_view(), name="auth-token"),
    path("auth/token/revoke/", RevokeToken.as_view(), name="auth-token-revoke"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path(
        "docs/", SpectacularSwaggerSplitView.as_view(url_name="schema", template_name="api/docs.html"), name="api-docs"
    ),
    *router.urls,
]
