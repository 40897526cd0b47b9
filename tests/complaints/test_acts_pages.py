"""Role x state x act through the HTML door, against the same table as the REST door."""

from datetime import timedelta

import pytest
from django.urls import reverse

from complaints.views.acts import ACTS as PAGES
from complaints.workflow import COMPLAINT
from core import clock
from tests.complaints.acts_table import ACTS, HEAD_SUBMITS_TO, ROLES, STATES, Act
from tests.factories.complaints import again, complaint_at, make_complaint

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
BY_NAME = {act.name: act for act in ACTS}


def typed(act: Act, cast) -> dict:
    """Return what a person types on the page of ``act``."""
    values = dict(act.body)
    if "duplicate_of" in values:
        values["duplicate_of"] = make_complaint(cast.office).number
    if "due_on" in values:
        values["due_on"] = str(clock.today() + timedelta(days=2))
    if "until" in values:
        values["until"] = f"{clock.now() + timedelta(days=2):%Y-%m-%dT%H:%M}"
    if "is_solved" in values:
        values["is_solved"] = "yes"
    return values


def test_every_act_of_the_table_has_its_page():
    """``follow_file`` alone is no person's act: imports do it."""
    assert set(PAGES) == set(COMPLAINT.transitions) - {"follow_file"}


@pytest.mark.parametrize("state", STATES)
def test_refused_acts_answer_as_the_table_says(state, cast, helper_department, request, client_for):
    """The form is refused as well as what it would send."""
    row = complaint_at(state, cast)
    for role in ROLES:
        browser = client_for(request.getfixturevalue(role))
        for act in ACTS:
            expected = act.expected(role, state)
            if expected != 200:
                address = reverse("complaints:act", args=[row.number, act.name])
                assert browser.post(address, typed(act, cast)).status_code == expected, (role, act.name)
    unchanged = again(row, cast.office_lead)
    assert (unchanged.status, unchanged.version) == (row.status, row.version)


@pytest.mark.parametrize(
    ("name", "state", "role"),
    [(act.name, state, min(roles)) for act in ACTS for state, (_, roles) in act.moves.items() if roles],
)
def test_permitted_act_moves_the_complaint(name, state, role, cast, helper_department, request, client_for):
    act, row = BY_NAME[name], complaint_at(state, cast)
    browser = client_for(request.getfixturevalue(role))
    address = reverse("complaints:act", args=[row.number, name])
    page = browser.get(row.get_absolute_url()).content.decode()
    assert f'"{address}"' in page
    assert browser.get(address).status_code == 200
    answer = browser.post(address, typed(act, cast) | {"version": row.version})
    assert answer.status_code == 302, answer.content.decode()
    target = HEAD_SUBMITS_TO if (name, role) == ("submit", "head") else act.moves[state][0]
    assert again(row, cast.office_lead).status == target


def test_form_over_an_older_version_is_refused(cast, client_for):
    row = complaint_at("handling", cast)
    address = reverse("complaints:act", args=[row.number, "note"])
    browser = client_for(cast.reporter)
    assert browser.post(address, {"note": "一", "version": row.version - 1}).status_code == 409
    assert browser.post(address, {"note": "一", "version": row.version}).status_code == 302


def test_wrong_input_is_said_at_the_field_and_kept(cast, client_for):
    row = complaint_at("handling", cast)
    address = reverse("complaints:act", args=[row.number, "submit"])
    typed_in = {"public_reply": "请拨打 13812345678", "inner_report": "已核实", "is_solved": "yes"}
    answer = client_for(cast.reporter).post(address, typed_in)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "公开答复中不能有手机号、身份证号或车牌号" in page
    assert "请拨打 13812345678" in page


def test_unknown_act_is_404(cast, client_for):
    row = complaint_at("handling", cast)
    assert client_for(cast.office).get(f"{row.get_absolute_url()}fly/").status_code == 404


def test_page_of_dispatch_names_who_is_suggested_but_not_the_accused(cast, department, client_for):
    """Of what came by a file or from the public nobody saw the hints of the intake."""
    now = clock.now()
    complaint_at("closed", cast, now=now - timedelta(days=60), content="小区门口积水三个月无人清理")
    row = complaint_at("accepted", cast, now=now, content="小区门口积水三个月没有人清理")
    address = reverse("complaints:act", args=[row.number, "dispatch"])
    assert "建议：县住建局（近一年相似工单 1 件由其办理）" in client_for(cast.office).get(address).content.decode()
    accused = complaint_at(
        "accepted", cast, now=now, content="小区门口积水三个月没有人清理", accused_department=department
    )
    address = reverse("complaints:act", args=[accused.number, "dispatch"])
    assert "建议：" not in client_for(cast.office).get(address).content.decode()
