"""Corrections keep what the first registration promises: anonymity, confidence, nobody judging their own case."""

from datetime import timedelta

import pytest

from complaints.models import Complaint
from complaints.services import handling, intake, office
from core import clock
from core.models import AuditEvent
from tests.factories.complaints import NAME, again, complaint_at, later, make_complaint

pytestmark = pytest.mark.django_db


def page_of(row) -> str:
    """Return the address of the form of corrections."""
    return f"{row.get_absolute_url()}correct/"


def typed(client, row, **facts) -> dict:
    """Return what a browser sends of the form: everything as it stands, with ``facts`` typed over it."""
    form = client.get(page_of(row)).context["form"]
    shown = {field.html_name: field.field.prepare_value(field.value()) for field in form}
    moments = {field.html_name: field.field.widget.format_value(field.value()) for field in form if "_at" in field.name}
    return {name: "" if value in (None, False) else value for name, value in (shown | moments | facts).items()}


def test_who_is_made_anonymous_is_forgotten(cast):
    row = make_complaint(cast.office)
    intake.correct_complaint(row, anonymous=True, actor=cast.office, now=later())
    row = again(row, cast.office)
    assert (row.caller_name_sealed, row.caller_phone_sealed) == (None, None)
    assert (row.caller_name_masked, row.caller_phone_masked, row.caller_phones.count()) == ("", "", 0)
    [line] = AuditEvent.objects.filter(action="complaints.complaint.correct")
    assert line.after == {"anonymous": True, "caller": "changed"}
    assert NAME not in str(line.before)


def test_what_turns_out_to_be_a_report_becomes_confidential(cast, client_for):
    row = make_complaint(cast.office)
    intake.correct_complaint(row, type="report", actor=cast.office, now=later())
    assert again(row, cast.office).confidential
    open_one = make_complaint(cast.office)
    intake.correct_complaint(open_one, type="report", confidential=False, actor=cast.office, now=later())
    assert not again(open_one, cast.office).confidential
    client, third = client_for(cast.office), make_complaint(cast.office)
    assert client.post(page_of(third), typed(client, third, type="report")).status_code == 302
    assert again(third, cast.office).confidential
    assert client.post(page_of(third), typed(client, third, confidential="")).status_code == 302
    assert not again(third, cast.office).confidential


def test_a_title_taken_from_the_content_holds_nobodys_number(cast):
    content = "我的电话是138 1234 5678，燃气报装超过承诺时限\n希望给个准日子"
    row = make_complaint(cast.office, content=content, title="")
    assert row.title == "我的电话是****，燃气报装超过承诺时限 希望给个准日子"
    assert row.content == content


@pytest.mark.parametrize("who", ["department", "helper_department"])
def test_unit_that_handles_it_is_not_named_as_the_accused(who, cast, helper_department, api_for):
    row = complaint_at("handling", cast, assisting=[helper_department])
    unit = cast.department if who == "department" else helper_department
    answer = api_for(cast.office).patch(
        f"/api/v1/complaints/{row.number}/", {"accused_department": unit.code}, format="json"
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "accused_department")
    office.withdraw_dispatch(again(row, cast.office_lead), reason="改派", actor=cast.office_lead, now=later(1))
    intake.correct_complaint(again(row, cast.office), accused_department=unit, actor=cast.office, now=later(1))
    assert again(row, cast.office).accused_department == unit


def test_reason_to_override_is_kept_only_where_something_is_overridden(cast):
    row = complaint_at("accepted", cast)
    office.dispatch_complaint(
        row, department=cast.department, override_reason="以防万一", actor=cast.office, now=later()
    )
    assert row.current_round.override_reason == ""
    assert "以防万一" not in row.events.filter(kind="dispatch").get().text


def test_while_suspended_nobody_presses_and_no_issue_is_raised(cast, api_for):
    row = complaint_at("handling", cast)
    handling.suspend_complaint(row, reason="等待法院裁定", actor=cast.office_lead, now=later())
    api, address = api_for(cast.office_lead), f"/api/v1/complaints/{row.number}/"
    assert set(api.get(address).json()["actions"]) == {"note", "resume", "remind", "reveal"}
    due_on = clock.today() + timedelta(days=3)
    for act, body in (
        ("supervise", {"requirement": "办结", "due_on": due_on}),
        ("raise_issue", {"requirement": "清理"}),
    ):
        answer = api.post(f"{address}{act}/", body, format="json")
        assert (answer.status_code, answer.json()["detail"]) == (409, "工单已中止办理，恢复后才能继续")


def test_form_sent_as_it_stood_changes_nothing(cast, department, client_for):
    row = make_complaint(cast.office, accused_department=department)
    limit = later().replace(hour=15, minute=59, second=59)
    intake.correct_complaint(row, upstream_due_at=limit, actor=cast.office, now=later())
    department.valid_to = clock.today() - timedelta(days=1)
    department.save()
    client = client_for(cast.office)
    assert client.post(page_of(row), typed(client, row, place="文化路")).status_code == 302
    stored = Complaint.objects.unscoped("test").get(pk=row.pk)
    assert (stored.place, stored.accused_department, stored.upstream_due_at) == ("文化路", department, limit)
