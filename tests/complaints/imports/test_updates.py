"""What a later file changes, and how an import is undone."""

from datetime import UTC, datetime, timedelta

import pytest

from complaints.models import Complaint, ComplaintEvent, HandlingRound
from complaints.selectors.details import complaints_for
from complaints.services import handling
from core.exceptions import RuleViolation
from core.services.imports import commit_import, undo_import
from tests.complaints.imports.orders import NOW, imported, order, row, upload
from tests.factories.complaints import NAME, PHONE


def test_same_row_twice_is_a_duplicate_and_a_blank_cell_says_nothing(office):
    cells = {"department": "县住建局", "caller": NAME, "phone": PHONE, "due_at": "2026-12-01"}
    imported(office, row(**cells))
    assert upload(office, row(**cells)).duplicate == 1
    assert upload(office, row()).duplicate == 1
    assert upload(office, row(content="路灯全不亮")).update == 1


def test_update_moves_a_row_forward_and_never_back(office):
    imported(office, row())
    later = NOW + timedelta(hours=1)
    for cells, status in (
        ({"department": "县住建局"}, "dispatched"),
        ({"signed_at": "2026-11-25 10:30"}, "handling"),
        ({"closed_at": "2026-11-26 10:30", "satisfaction": "满意", "result": "已修好"}, "closed"),
        ({"signed_at": "2026-11-25 10:40"}, "closed"),
    ):
        imported(office, row(**cells), now=later)
        assert order().status == status
    stored = order()
    assert stored.department.code == "zjj"
    assert stored.current_round.satisfaction == "satisfied"
    assert stored.current_round.ending == "closed"
    assert stored.rounds.count() == 1


def test_update_changes_the_caller_and_its_index(office):
    imported(office, row(caller=NAME, phone=PHONE))
    imported(office, row(phone="13900001111"))
    stored = order()
    assert (stored.caller_name_masked, stored.caller_phone_masked) == ("李**", "139****1111")
    assert stored.caller_phones.count() == 1


def test_what_a_person_does_here_wins_over_the_file(office, department_reporter):
    imported(office, row(department="县住建局"))
    handling.sign_for_complaint(complaints_for(department_reporter).get(), actor=department_reporter, now=NOW)
    cells = {"department": "县财政局", "closed_at": "2026-11-26", "content": "路灯全不亮", "due_at": "2026-12-05"}
    batch = upload(office, row(**cells))
    assert [warning["code"] for warning in batch.warnings] == ["row_in_progress"]
    due = order().due_at
    commit_import(batch, actor=office, now=NOW + timedelta(hours=1))
    stored = order()
    assert (stored.status, stored.department.code, stored.due_at) == ("handling", "zjj", due)
    assert stored.content == "路灯全不亮"
    assert stored.upstream_due_at == datetime(2026, 12, 5, 15, 59, 59, tzinfo=UTC)
    assert upload(office, row(**cells)).duplicate == 1


def test_alerts_are_no_act_of_a_person(office):
    imported(office, row(department="县住建局"))
    stored = order()
    ComplaintEvent.objects.create(complaint=stored, kind="escalate", label="超期催办", at=NOW, by_person=False)
    imported(office, row(signed_at="2026-11-25 10:30"), now=NOW + timedelta(hours=1))
    assert order().status == "handling"


def test_limit_that_a_later_file_brings_replaces_the_rules(office):
    imported(office, row(department="县住建局"))
    imported(office, row(due_at="2026-12-09"), now=NOW + timedelta(hours=1))
    stored = order()
    assert stored.due_at == stored.clock_due_at == datetime(2026, 12, 9, 15, 59, 59, tzinfo=UTC)
    round_ = stored.current_round
    assert (round_.due_imported, round_.limit_amount, round_.limit_unit) == (True, None, "")


def test_order_closed_by_a_later_file_closes_under_the_limit_it_was_promised(office):
    imported(office, row(department="县住建局"))
    promised = order().due_at
    imported(office, row(closed_at="2026-12-20 10:00"), now=NOW + timedelta(days=26))
    stored = order()
    assert stored.status == "closed"
    assert stored.due_at == stored.current_round.effective_due_at == promised < stored.closed_at
    assert stored.clock_due_at is None


def test_undo_deletes_new_rows_and_frees_their_numbers(office):
    batch = imported(
        office, row(department="县住建局、县城管局", phone=PHONE, due_at="2026-11-01", signed_at="2026-11-25")
    )
    undo_import(batch, actor=office, now=NOW + timedelta(days=1))
    assert not Complaint.objects.unscoped("test").exists()
    assert not HandlingRound.objects.unscoped("test").exists()
    assert upload(office, row()).new == 1


def test_undo_gives_updated_rows_back(office):
    imported(office, row(caller=NAME, phone=PHONE))
    kept = {field.attname: getattr(order(), field.attname) for field in Complaint._meta.concrete_fields}
    cells = {"department": "县住建局、县城管局", "phone": "13900001111", "content": "全不亮", "closed_at": "2026-11-26"}
    batch = imported(office, row(**cells), now=NOW + timedelta(hours=1))
    assert order().status == "closed"
    undo_import(batch, actor=office, now=NOW + timedelta(hours=2))
    stored = order()
    assert {name: getattr(stored, name) for name in kept if name != "version"} == {
        name: value for name, value in kept.items() if name != "version"
    }
    assert not HandlingRound.objects.unscoped("test").exists()
    assert upload(office, row(caller=NAME, phone=PHONE)).duplicate == 1


def test_undo_gives_the_round_back(office):
    imported(office, row(department="县住建局、县城管局", due_at="2026-12-01"))
    before = order().current_round.__dict__
    batch = imported(office, row(department="县财政局", signed_at="2026-11-25 10:00"), now=NOW + timedelta(hours=1))
    assert order().department.code == "czj"
    undo_import(batch, actor=office, now=NOW + timedelta(hours=2))
    round_ = order().current_round
    for name in ("department_id", "due_at", "sign_due_at", "signed_at", "ending"):
        assert getattr(round_, name) == before[name]
    assert [helper.department.code for helper in round_.assisting.all()] == ["cgj"]
    assert order().status == "dispatched"


def test_undo_is_refused_once_a_person_or_a_later_import_touched_a_row(office, department_reporter):
    first = imported(office, row("1", department="县住建局"), row("2"))
    handling.sign_for_complaint(
        complaints_for(department_reporter).get(), actor=department_reporter, now=NOW + timedelta(hours=1)
    )
    with pytest.raises(RuleViolation, match="1 条（1）"):
        undo_import(first, actor=office, now=NOW + timedelta(hours=2))
    second = imported(office, row("3"))
    imported(office, row("3", content="全不亮"), now=NOW + timedelta(hours=1))
    with pytest.raises(RuleViolation, match="（3）"):
        undo_import(second, actor=office, now=NOW + timedelta(hours=2))
