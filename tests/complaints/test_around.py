"""What complaints do to their surroundings: workbench, navigation, panels, closing units, a published calendar."""

from datetime import UTC, datetime

import pytest

from complaints.selectors.waiting import complaint_to_dos
from complaints.selectors.worklist import count_waiting
from complaints.services import extensions, handling
from complaints.services.escalation import record_rung
from core import clock
from core.exceptions import RuleViolation
from core.ladder import Rung
from core.models import AuditEvent
from core.services.calendar import load_year, read_notice_rows
from departments.services import close_department
from tests.factories.accounts import make_user
from tests.factories.complaints import again, complaint_at, later, make_complaint

pytestmark = pytest.mark.django_db


def kinds(user, now) -> list[tuple[str, str]]:
    """Return kind and verb of each to-do."""
    return [(row.kind, row.act) for row in complaint_to_dos(user, now)]


@pytest.mark.parametrize(
    ("state", "who", "expected"),
    [
        ("received", "office", ("受理", "受理")),
        ("refusal_review", "office_lead", ("审不受理", "审核")),
        ("accepted", "office", ("派单", "派单")),
        ("dispatched", "reporter", ("签收", "签收")),
        ("return_review", "office", ("审退单", "审核")),
        ("handling", "reporter", ("办理", "办理")),
        ("sign_off", "head", ("签发", "签发")),
        ("office_review", "office", ("审核", "审核")),
        ("callback", "office", ("回访", "回访")),
    ],
)
def test_who_acts_next_has_it_on_the_workbench(state, who, expected, cast, stranger, request, client_for):
    row = complaint_at(state, cast, now=clock.now())
    person = request.getfixturevalue(who)
    assert kinds(person, clock.now()) == [expected]
    assert count_waiting(person, clock.now()) == 1
    assert row.number in client_for(person).get("/").content.decode()
    assert kinds(stranger, clock.now()) == []


@pytest.mark.parametrize("state", ["closed", "archived", "refused", "transferred"])
def test_finished_complaints_wait_for_nobody(state, cast):
    complaint_at(state, cast)
    for person in (cast.office, cast.office_lead, cast.reporter, cast.head):
        assert kinds(person, later()) == []


def test_assisting_and_extensions_wait_for_their_people(cast, helper_department, helper):
    row = complaint_at("handling", cast, assisting=[helper_department])
    assert kinds(helper, later()) == [("协办", "答复")]
    extensions.request_extension(row, workdays=1, reason="需要", actor=cast.reporter, now=later())
    assert kinds(cast.head, later()) == [("延期", "确认")]
    extensions.confirm_extension(again(row, cast.head), actor=cast.head, now=later())
    assert kinds(cast.office_lead, later()) == [("审延期", "审批")]


def test_office_step_is_due_by_the_offices_own_limit(cast):
    complaint_at("callback", cast)
    assert complaint_to_dos(cast.office, later())[0].due_at == datetime(2026, 11, 25, 15, 59, 59, tzinfo=UTC)


def test_navigation_offers_complaints_with_what_waits(cast, client_for):
    make_complaint(cast.office)
    page = client_for(cast.office).get("/").content.decode()
    assert 'href="/complaints/"' in page
    assert 'aria-label="1 项"' in page


def test_unit_page_lists_open_complaints_but_no_confidential_one(cast, client_for):
    shown = complaint_at("handling", cast)
    hidden = complaint_at("handling", cast, type="report")
    page = client_for(cast.office).get("/departments/zjj/").content.decode()
    assert shown.number in page
    assert hidden.number not in page


def test_unit_with_an_open_complaint_stays(cast, sysadmin, department, helper_department):
    complaint_at("handling", cast)
    with pytest.raises(RuleViolation, match="1 件未办结"):
        close_department(
            department,
            on=later().date(),
            successor=helper_department,
            purpose="机构改革",
            actor=sysadmin,
            now=later(),
        )


def test_opening_the_row_marks_its_messages_read(cast, client_for):
    row = complaint_at("handling", cast)
    unread = type(cast.reporter)._meta.get_field("messages").related_model.objects.visible_to(cast.reporter)
    assert unread.filter(read_at=None).exists()
    client_for(cast.reporter).get(row.get_absolute_url())
    assert not unread.filter(read_at=None, url=row.get_absolute_url()).exists()


def test_published_calendar_moves_provisional_dates_and_says_so(cast):
    """30 December 2026 plus ten working days, of which five lie in a year published later."""
    row = complaint_at("handling", cast, now=datetime(2026, 12, 30, 2, 0, tzinfo=UTC), type="report")
    assert row.current_round.provisional
    assert row.due_at == datetime(2027, 1, 14, 15, 59, 59, tzinfo=UTC)
    lines = read_notice_rows(
        [
            {"date": "2027-01-01", "end": "2027-01-03", "kind": "rest", "name": "元旦"},
            {"date": "2027-01-06", "end": "2027-01-07", "kind": "rest", "name": "县庆"},
        ]
    )
    load_year(2027, lines, actor=cast.office, now=datetime(2026, 12, 31, 2, 0, tzinfo=UTC), purpose="通知")
    row = again(row, cast.office)
    assert row.due_at == datetime(2027, 1, 18, 15, 59, 59, tzinfo=UTC)
    assert row.due_at == row.clock_due_at == row.current_round.effective_due_at
    assert not row.current_round.provisional
    assert row.events.filter(kind="recompute").count() == 1
    assert AuditEvent.objects.filter(action="complaints.complaint.recompute").count() == 1


def test_deputy_has_the_absent_persons_work(cast, department):
    complaint_at("dispatched", cast)
    deputy = make_user("zjj_deputy", department=department)
    assert kinds(deputy, later()) == []
    deputy.acting_for = cast.reporter
    assert kinds(deputy, later()) == [("签收", "签收")]


def test_timeline_shows_both_names_of_what_a_deputy_did(cast, department, client_for):
    row = complaint_at("dispatched", cast)
    deputy = make_user("zjj_deputy", department=department, name="王明")
    deputy.acting_for = cast.reporter
    handling.sign_for_complaint(again(row, deputy), actor=deputy, now=later())
    page = client_for(cast.office).get(row.get_absolute_url()).content.decode()
    assert f"王明（代{cast.reporter.name}）" in page


def test_summons_recorded_by_a_deputy_stands_under_both_names(cast):
    row = complaint_at("handling", cast)
    deputy = make_user("ysb_deputy", department=cast.office.department, name="王明")
    deputy.acting_for = cast.office_lead
    record_rung(again(row, deputy), rung=Rung.SUMMONS, note="11月25日约谈", actor=deputy, now=later())
    assert row.events.get(kind="escalate").names == f"王明（代{cast.office_lead.name}）"
