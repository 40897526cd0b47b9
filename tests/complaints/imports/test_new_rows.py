"""Where a new row of a file enters, and names nobody knows."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Message
from complaints.models import Escalation
from complaints.selectors.details import complaints_for
from core.exceptions import InvalidInput
from core.services.imports import commit_import, map_departments
from core.settings_registry import change_setting
from tests.complaints.imports.orders import NOW, imported, order, row, upload
from tests.factories.complaints import NAME, PHONE


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ({}, "received"),
        ({"department": "县住建局"}, "dispatched"),
        ({"department": "县住建局", "signed_at": "2026-11-25 09:30"}, "handling"),
        ({"department": "县住建局", "signed_at": "2026-11-25", "closed_at": "2026-11-25 11:00"}, "closed"),
        ({"closed_at": "2026-11-25 11:00"}, "closed"),
        ({"signed_at": "2026-11-25 09:30"}, "received"),
    ],
)
def test_row_enters_where_its_columns_put_it(cells, status, office):
    imported(office, row(**cells))
    stored = order()
    assert stored.status == status
    assert (stored.current_round is not None) == ("department" in cells)
    assert stored.outcome == ("imported" if status == "closed" else "")


def test_round_of_a_closed_row_is_as_in_the_file(office):
    cells = {"department": "县住建局、县城管局", "signed_at": "2026-11-25 09:30", "closed_at": "2026-11-26 11:00"}
    imported(office, row(due_at="2026-11-30", result="已修好", satisfaction="一般", **cells))
    stored = order()
    round_ = stored.current_round
    assert round_.dispatched_at == stored.received_at
    assert round_.dispatched_estimated
    assert round_.submitted_at == round_.closed_at == stored.closed_at
    assert round_.due_at == round_.effective_due_at == datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)
    assert (round_.ending, round_.satisfaction, round_.result) == ("closed", "basically_satisfied", "已修好")
    assert (round_.sign_due_at, stored.clock_due_at) == (None, None)
    assert [helper.department.code for helper in round_.assisting.all()] == ["cgj"]


def test_unsigned_row_gets_a_sign_limit_from_the_commit(office):
    imported(office, row(department="县住建局", due_at="2026-12-01"))
    stored = order()
    assert stored.current_round.sign_due_at > NOW
    assert stored.clock_due_at == stored.due_at == stored.upstream_due_at
    imported(office, row("2611250002", department="县住建局", signed_at="2026-11-25 10:00"))
    assert order("2611250002").current_round.sign_due_at is None
    assert order("2611250002").clock_due_at is not None


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        ("咨询", datetime(2026, 11, 26, 15, 59, 59, tzinfo=UTC)),
        ("投诉", datetime(2026, 12, 2, 15, 59, 59, tzinfo=UTC)),
        ("举报", datetime(2026, 12, 9, 15, 59, 59, tzinfo=UTC)),
    ],
)
def test_open_row_without_a_limit_gets_the_rules_counted_from_receipt(office, kind, due):
    """Received on Wednesday, committed a week later: the rule counts from receipt, which is dispatch."""
    imported(office, row(type=kind, department="县住建局", signed_at="2026-11-25 10:00"), now=NOW + timedelta(days=7))
    stored = order()
    assert stored.due_at == stored.clock_due_at == due
    round_ = stored.current_round
    assert (round_.due_imported, round_.limit_unit, round_.limit_from) == (False, "workday", stored.received_at)
    assert stored.upstream_due_at is None


def test_limit_of_the_file_wins_over_the_rule(office):
    imported(office, row(department="县住建局", due_at="2026-12-31 12:00"))
    stored = order()
    assert stored.due_at == stored.upstream_due_at == datetime(2026, 12, 31, 4, tzinfo=UTC)
    assert stored.current_round.due_imported
    assert stored.current_round.limit_amount is None


def test_row_closed_by_the_file_is_judged_by_no_limit_the_file_lacks(office):
    imported(office, row(department="县住建局", closed_at="2026-11-26 10:00"))
    assert order().due_at is None
    assert order().current_round.effective_due_at is None


def test_unknown_type_word_is_other_and_is_kept(office):
    imported(office, row(type="表彰"))
    assert (order().type, order().type_word) == ("other", "表彰")


def test_report_is_confidential_and_the_caller_is_sealed_and_masked(office):
    imported(office, row(type="举报", caller=NAME, phone=f"{PHONE}、03966009179"))
    stored = order()
    assert stored.confidential
    assert (stored.caller_name_masked, stored.caller_phone_masked) == ("李**", "138****5678、039****9179")
    assert stored.caller_phones.count() == 2
    assert PHONE not in json.dumps(stored.raw_columns)
    assert NAME not in json.dumps(stored.raw_columns, ensure_ascii=False)


def test_anonymous_row_keeps_no_caller(office):
    imported(office, row(caller="匿名", phone=PHONE))
    assert order().anonymous
    assert order().caller_phone_sealed is None


def test_rows_are_only_watched_when_the_platform_handles_them(office, sysadmin):
    change_setting("complaints.hotline_rows", "upstream", actor=sysadmin, now=NOW)
    imported(office, row(department="县住建局"))
    stored = complaints_for(office).get()
    assert stored.handled == "upstream"
    with pytest.raises(InvalidInput):
        change_setting("complaints.hotline_rows", "nowhere", actor=sysadmin, now=NOW)


def test_alerts_start_on_the_rung_the_row_stands_on(office):
    imported(
        office,
        row("1", department="县住建局", signed_at="2026-11-16", received_at="2026-11-16", due_at="2026-11-19"),
        row("2", department="县住建局", signed_at="2026-11-16", received_at="2026-11-16", due_at="2026-12-19"),
    )
    alerts = Escalation.objects.unscoped("test")
    assert list(alerts.filter(complaint__number="1").order_by("rung").values_list("rung", "passed")) == [
        (1, True),
        (2, True),
    ]
    assert not alerts.filter(complaint__number="2").exists()


def test_unit_is_told_once_how_many_wait(office, department_reporter):
    imported(office, row("1", department="县住建局"), row("2", department="县住建局"), row("3"))
    titles = Message.objects.unscoped("test").filter(user=department_reporter).values_list("title", flat=True)
    assert list(titles) == ["热线表格导入：2 件待签收"]


def test_unknown_unit_is_an_error_until_it_is_mapped(office):
    batch = upload(office, row(department="县水务集团"))
    assert (batch.error, batch.unknown_departments) == (1, ["县水务集团"])
    batch = map_departments(batch, department_mapping={"县水务集团": "slj"}, actor=office, now=NOW)
    commit_import(batch, actor=office, now=NOW)
    assert order().department.code == "slj"


def test_row_of_an_unknown_unit_may_be_taken_undispatched(office):
    imported(office, row(department="县水务集团、县住建局"), mapping={"县水务集团": "undispatched"})
    stored = order()
    assert (stored.status, stored.department, stored.raw_department) == ("received", None, "县水务集团、县住建局")


def test_unknown_unit_may_be_created(office):
    names = ["县水务集团", "县数据集团"]
    rows = [row(str(number), department=name) for number, name in enumerate(names)]
    imported(office, *rows, mapping=dict.fromkeys(names, "create"))
    assert [order(str(number)).department.name for number in range(2)] == names
    assert upload(office, row("9", department="水务集团")).new == 1
