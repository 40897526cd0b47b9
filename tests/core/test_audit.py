"""The audit log: what a line holds, the chain of seals, and that no tampering goes unseen (architecture §12.6)."""

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connections
from django.test import RequestFactory

from core.audit import plain, record_event
from core.middleware import RequestFactsMiddleware
from core.models import AuditEvent
from core.services.audit import UNSEALED_LIMIT, audit_findings, seal_audit
from tests.core.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_log(db):
    """Start with an empty log: what installing the calendar wrote is not the subject here."""
    AuditEvent.objects.all().delete()


def write(department, count: int = 1, **facts) -> list[AuditEvent]:
    values = {"actor": None, "action": "departments.department.rename", "target": department, "now": NOON} | facts
    return [record_event(**values) for _ in range(count)]


def findings(now: datetime = NOON) -> list[str]:
    return list(audit_findings(now))


# --- One line ------------------------------------------------------------------------------------
def test_line_says_who_what_when_and_why(department, office):
    (event,) = write(
        department,
        actor=office,
        before={"name": "旧名"},
        after={"on": date(2026, 3, 1), "value": Decimal("6.50"), "rows": [department]},
        purpose="机构改革",
    )
    event.refresh_from_db()
    assert (event.actor, event.actor_name, event.on_behalf_of) == (office, office.name, "")
    assert (event.target_type, event.target_key) == ("departments.department", str(department.pk))
    assert event.target_label == "县住建局"
    assert event.after == {"on": "2026-03-01", "value": "6.50", "rows": ["县住建局"]}
    assert (event.at, event.purpose, event.sequence, event.seal) == (NOON, "机构改革", None, "")


def test_deputy_line_names_both(department, reporter, head):
    reporter.acting_for = head
    (event,) = write(department, actor=reporter)
    assert (event.actor, event.on_behalf_of) == (reporter, head.name)


def test_long_label_is_cut_not_refused(department):
    department.short_name = "局" * 300
    assert len(write(department)[0].target_label) == 200


def test_address_is_the_callers_and_of_one_request_only(department):
    def view(request):
        write(department)
        return "answer"

    request = RequestFactory().get("/", REMOTE_ADDR="10.7.1.9")
    assert RequestFactsMiddleware(view)(request) == "answer"
    write(department)
    assert list(AuditEvent.objects.order_by("id").values_list("address", flat=True)) == ["10.7.1.9", ""]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (Decimal("0.50"), "0.50"),
        (datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01T00:00:00+00:00"),
        ({1: (Decimal(1), None)}, {"1": ["1", None]}),
        (True, True),
        (3, 3),
        ("天", "天"),
    ],
)
def test_plain_keeps_facts_as_json(value, kept):
    assert plain(value) == kept


# --- The chain -----------------------------------------------------------------------------------
def test_sealing_numbers_events_in_order_of_writing(department):
    first, second = write(department, 2)
    assert seal_audit() == 2
    assert seal_audit() == 0
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.sequence, second.sequence) == (1, 2)
    assert len(first.seal) == 64
    assert first.seal != second.seal
    assert findings() == []


def test_sealing_goes_on_where_it_stopped(department):
    write(department, 5)
    assert seal_audit(limit=3) == 3
    assert seal_audit(limit=3) == 2
    write(department)
    seal_audit()
    assert list(AuditEvent.objects.order_by("id").values_list("sequence", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert findings() == []


FORGERIES = {
    "at": NOON - timedelta(days=1),
    "actor_name": "别人",
    "on_behalf_of": "别人",
    "action": "departments.department.create",
    "target_type": "accounts.user",
    "target_key": "999",
    "target_label": "县财政局",
    "before": {"name": "没有改过"},
    "after": None,
    "purpose": "另一个理由",
    "address": "10.0.0.1",
    "seal": "0" * 64,
}


@pytest.mark.parametrize(("column", "value"), FORGERIES.items(), ids=FORGERIES)
def test_forged_column_is_found(department, column, value):
    _, forged, _ = write(department, 3, before={"name": "旧名"}, after={"name": "新名"})
    seal_audit()
    AuditEvent.objects.filter(pk=forged.pk).update(**{column: value})
    assert findings()[0].startswith("第 2 号记录与校验值不符")


def test_forged_actor_is_found(department, office, office_lead):
    (event,) = write(department, actor=office)
    seal_audit()
    AuditEvent.objects.filter(pk=event.pk).update(actor=office_lead)
    assert len(findings()) == 1


def test_deleted_events_are_found_by_their_numbers(department):
    events = write(department, 6)
    seal_audit()
    AuditEvent.objects.filter(pk__in=[events[0].pk, events[2].pk, events[3].pk]).delete()
    assert findings() == ["缺少第 1 号至第 1 号记录", "缺少第 3 号至第 4 号记录"]


def test_closing_the_gap_by_renumbering_is_found(department):
    events = write(department, 3)
    seal_audit()
    events[1].delete()
    AuditEvent.objects.filter(pk=events[2].pk).update(sequence=2)
    assert len(findings()) == 2  # a wrong seal, and an end that is not the remembered one


def test_cut_off_end_is_found(department):
    events = write(department, 3)
    seal_audit()
    events[2].delete()
    assert findings() == ["缺少第 3 号至第 3 号记录"]


def test_exchanged_events_are_found(department):
    first, second = write(department, 2)
    seal_audit()
    AuditEvent.objects.filter(pk=first.pk).update(sequence=99)
    AuditEvent.objects.filter(pk=second.pk).update(sequence=1)
    AuditEvent.objects.filter(pk=first.pk).update(sequence=2)
    assert len(findings()) == 2


def test_event_unsealed_for_ten_minutes_is_found(department):
    write(department, 2)
    assert findings(NOON + UNSEALED_LIMIT) == []
    assert findings(NOON + UNSEALED_LIMIT + timedelta(seconds=1)) == ["2 条记录超过 10 分钟未编号"]
    seal_audit()
    assert findings(NOON + timedelta(days=1)) == []


def test_verifying_reads_in_one_pass(department, django_assert_num_queries):
    write(department, 30)
    seal_audit()
    with django_assert_num_queries(3):
        findings()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_sealers_share_one_chain(on_postgresql, department):
    write(department, 40)
    start, sealed = threading.Barrier(4), []

    def run():
        try:
            start.wait(timeout=10)
            sealed.append(seal_audit(limit=15))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(sealed) == [0, 10, 15, 15]
    assert list(AuditEvent.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, 41))
    assert findings() == []
