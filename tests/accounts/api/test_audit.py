"""``audit-events/``: for the audit administrator only, in the shape of api.md."""

import pytest

from core.audit import record_event
from core.models import AuditEvent
from tests.factories.accounts import NOW

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/audit-events/"


@pytest.fixture
def log(reporter, head, office):
    """One act of a deputy, one of the system."""
    reporter.acting_for = head
    record_event(
        actor=reporter,
        action="indicators.dailyreport.submit",
        target=reporter,
        before={"status": "draft"},
        after={"status": "reported"},
        purpose="按时",
        now=NOW,
    )
    record_event(actor=None, action="indicators.dailyreport.lock", target=office, now=NOW)


def test_shape_and_order(api_for, auditor, log):
    newest, oldest = api_for(auditor).get(ADDRESS).json()["results"]
    assert {"id", "at", "actor", "action", "target", "before", "after", "purpose", "address"} <= set(oldest)
    assert newest["actor"] is None
    assert newest["actor_name"] == "系统"
    assert (oldest["actor"], oldest["on_behalf_of"]) == ("zjj_reporter", "zjj_head测试员")
    assert (oldest["before"], oldest["after"]) == ({"status": "draft"}, {"status": "reported"})
    assert oldest["at"] == "2026-11-25T09:00:00+08:00"
    assert oldest["target"] == "zjj_reporter测试员"
    assert oldest["target_type"] == "accounts.user"


def test_single_line_reads_like_its_row_in_the_list(api_for, auditor, log):
    api = api_for(auditor)
    newest, _ = api.get(ADDRESS).json()["results"]
    assert api.get(f"{ADDRESS}{newest['id']}/").json() == newest


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("actor=zjj_reporter", 1),
        ("action=indicators.dailyreport", 2),
        ("action=indicators.dailyreport.lock", 1),
        ("target_type=accounts", 2),
        ("at__gte=2026-11-25T09:00:00%2B08:00", 2),
        ("at__gte=2026-11-25T09:00:01%2B08:00", 0),
        ("at__lte=2026-11-25T00:00:00%2B08:00", 0),
        ("search=按时", 1),
    ],
)
def test_filters(api_for, auditor, log, query, count):
    assert len(api_for(auditor).get(f"{ADDRESS}?{query}").json()["results"]) == count


@pytest.mark.parametrize("name", ["office_lead", "leader", "reporter", "sysadmin", "secadmin"])
def test_nobody_else_reads_it(name, request, api_for):
    assert api_for(request.getfixturevalue(name)).get(ADDRESS).status_code == 403


def test_reading_is_no_event_and_nothing_can_be_written(api_for, auditor, log):
    api = api_for(auditor)
    api.get(ADDRESS)
    assert api.post(ADDRESS, {}).status_code == 405
    assert api.delete(ADDRESS).status_code == 405
    assert AuditEvent.objects.count() == 2


def test_number_of_queries_does_not_grow(api_for, auditor, office, queries_of):
    api = api_for(auditor)
    for _ in range(2):
        record_event(actor=office, action="a.b.c", target=office, now=NOW)
    few = queries_of(api, ADDRESS)
    for _ in range(18):
        record_event(actor=office, action="a.b.c", target=office, now=NOW)
    assert queries_of(api, ADDRESS) == few
