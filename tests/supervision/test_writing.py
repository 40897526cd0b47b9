"""Writing an issue and editing it: fewer fields for departments, nothing typed twice, nothing typed lost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEvent
from indicators.models import Assignment, Evidence
from supervision.models import Inspection, Issue
from tests.factories.files import photo, uploaded
from tests.factories.indicators import assign, make_indicator, make_set
from tests.factories.issues import DUE_ON, FOUND, TEXT, again, issue_at
from tests.supervision.acts_table import STATES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]
NEW, HINTS = "/issues/new/", "/issues/new/hints/"


def facts(**typed) -> dict:
    """Return what a browser sends of the filled-in form of R1 R2 R6."""
    return {
        "description": TEXT,
        "source": "open",
        "severity": "normal",
        "category": "fees",
        "limit_kind": "deadline",
        "found_on": f"{FOUND:%Y-%m-%d}",
    } | typed


def only_issue() -> Issue:
    return Issue.objects.unscoped("test").get()


@pytest.fixture
def indicator(department):
    """Return a first-level indicator that ``department`` leads."""
    make_set()
    row = make_indicator("A08", name="获得用气")
    assign(row, department)
    return row


# --- the form of the office and the inspectors -----------------------------------------------------------


def test_description_alone_makes_a_draft_found_today(inspector, client_for):
    browser = client_for(inspector)
    page = browser.get(NEW).content.decode()
    assert 'value="2026-11-23"' in page
    assert 'capture="environment"' in page
    answer = browser.post(NEW, facts())
    row = only_issue()
    assert answer.status_code == 302
    assert answer.url == row.get_absolute_url()
    assert (row.status, row.title, row.found_on, row.department) == ("draft", TEXT[:30], FOUND.date(), None)


def test_lead_of_the_indicator_leads_where_nobody_is_chosen(inspector, client_for, indicator, department):
    client_for(inspector).post(NEW, facts(indicator="A08", register="1"))
    row = only_issue()
    assert (row.status, row.department) == ("registered", department)


def test_chosen_department_stands_before_the_lead_of_the_indicator(inspector, client_for, indicator, other_department):
    client_for(inspector).post(NEW, facts(indicator="A08", department=other_department.code))
    assert only_issue().department == other_department


def test_photos_of_camera_and_album_are_evidence_of_before(inspector, client_for):
    body = facts(camera=uploaded(photo(), "拍照.jpg"), photos=[uploaded(photo(size=(300, 300)), "相册.jpg")])
    client_for(inspector).post(NEW, body)
    items = only_issue().evidence.select_related("evidence__attachment")
    assert {(one.phase, one.evidence.attachment.content_type) for one in items} == {("before", "image/jpeg")}
    assert len(items) == 2


def test_errors_keep_what_was_typed_and_the_photos_sent(inspector, client_for):
    browser = client_for(inspector)
    body = facts(
        due_on=f"{FOUND - timedelta(days=3):%Y-%m-%d}", goal="收费与公示一致", photos=uploaded(photo(), "前.jpg")
    )
    answer = browser.post(NEW, body)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "整改时限不能早于发现时间" in page
    assert "收费与公示一致" in page
    kept = Evidence.objects.unscoped("test").get()
    assert f'name="kept" value="{kept.pk}"' in page
    assert browser.post(NEW, facts(kept=kept.pk)).status_code == 302
    assert only_issue().evidence.get().evidence == kept


def test_a_photo_of_somebody_else_is_not_taken_over(inspector, inspector2, client_for):
    client_for(inspector2).post(NEW, facts(due_on="2026-01-01", photos=uploaded(photo(), "前.jpg")))
    kept = Evidence.objects.unscoped("test").get()
    client_for(inspector).post(NEW, facts(kept=kept.pk))
    assert not only_issue().evidence.exists()


def test_the_same_form_sent_twice_writes_one_issue(inspector, client_for):
    browser = client_for(inspector)
    assert 'name="token" value="' in browser.get(NEW).content.decode()
    for _ in range(2):
        assert browser.post(NEW, facts(token="a1")).status_code == 302
    assert only_issue()
    browser.post(NEW, facts(token="a2"))
    assert Issue.objects.unscoped("test").count() == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"description": " "}, "请填写问题描述"),
        ({"found_on": "2026-11-24"}, "发现时间不能晚于今天"),
        ({"found_on": "昨天"}, "发现时间应写作 2026-11-23"),
        ({"department": "zjj", "assisting": ["zjj"]}, "配合单位不能包含牵头单位"),
        ({"department": "nobody"}, "没有这个单位，或已撤销"),
        ({"photos": "<program>"}, "不接收"),
    ],
)
def test_bad_input_is_said_and_writes_nothing(typed, said, inspector, client_for, department):
    if "photos" in typed:
        typed = {"photos": uploaded(b"MZ\x90\x00" + b"\x00" * 60, "前.jpg")}
    answer = client_for(inspector).post(NEW, facts(**typed))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Issue.objects.unscoped("test").exists()


def test_inspection_in_the_address_is_chosen_with_its_source(inspector, client_for):
    visit = Inspection.objects.create(
        title="政务大厅暗访", kind="covert", started_on=FOUND.date(), created_by=inspector, created_at=FOUND
    )
    page = client_for(inspector).get(f"{NEW}?inspection={visit.pk}").content.decode()
    assert f'<option value="{visit.pk}" selected>政务大厅暗访' in page
    assert '<option value="covert" selected>' in page
    assert client_for(inspector).get(f"{NEW}?inspection=nobody").status_code == 200


# --- the form of a department -----------------------------------------------------------------------------


def test_department_writes_its_own_self_check_with_fewer_fields(reporter, client_for, department):
    browser = client_for(reporter)
    page = browser.get(NEW).content.decode()
    for name in ("source", "department", "inspection", "assisting", "photos"):
        assert f'name="{name}"' not in page
    body = {"description": TEXT, "category": "fees", "limit_kind": "deadline", "found_on": "2026-11-23"}
    assert browser.post(NEW, body | {"register": "1", "source": "open", "department": "czj"}).status_code == 302
    row = only_issue()
    assert (row.status, row.source, row.department, row.own_department) == (
        *("draft", "self_check"),
        *(department, department),
    )


@pytest.mark.parametrize("role", ["signer", "leader", "auditor"])
def test_others_write_no_issues(role, request, client_for):
    browser = client_for(request.getfixturevalue(role))
    for answer in (browser.get(NEW), browser.post(NEW, facts()), browser.post(HINTS, {})):
        assert answer.status_code == 403


# --- hints ------------------------------------------------------------------------------------------------


def test_hints_name_the_lead_and_what_reads_alike(cast, client_for, indicator):
    cleared, open_one = issue_at("cleared", cast), issue_at("rectifying", cast)
    page = client_for(cast.inspector).post(HINTS, facts(indicator="A08")).content.decode()
    assert "县住建局" in page
    assert cleared.number in page
    assert "已办结，登记后标记为回潮" in page
    assert open_one.number in page
    assert "整改中" in page


def test_hints_of_a_department_are_of_its_own_issues(cast, client_for, stranger):
    row = issue_at("rectifying", cast)
    body = {"description": TEXT, "category": "fees"}
    assert row.number in client_for(cast.reporter).post(HINTS, body).content.decode()
    assert row.number not in client_for(stranger).post(HINTS, body).content.decode()


def test_check_button_shows_them_without_scripts_and_keeps_everything(cast, client_for, indicator):
    row = issue_at("rectifying", cast)
    body = facts(indicator="A08", goal="收费与公示一致", check="1", photos=uploaded(photo(), "前.jpg"))
    page = client_for(cast.inspector).post(NEW, body).content.decode()
    assert row.number in page
    assert "收费与公示一致" in page
    assert 'name="kept"' in page
    assert "error-summary" not in page


def test_hints_cost_the_same_for_2_and_20_issues(cast, client_for, indicator):
    browser, counts = client_for(cast.inspector), []
    for amount in (2, 18):
        for _ in range(amount):
            issue_at("assigned", cast)
        browser.post(HINTS, facts(indicator="A08"))
        with CaptureQueriesContext(connection) as queries:
            browser.post(HINTS, facts(indicator="A08"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_lead_that_ended_is_not_suggested(inspector, client_for, indicator):
    Assignment.objects.filter(indicator=indicator).update(valid_to=FOUND.date())
    client_for(inspector).post(NEW, facts(indicator="A08"))
    assert only_issue().department is None


# --- editing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
def test_edited_until_it_is_assigned_by_those_who_keep_issues(state, cast, client_for, stranger):
    row = issue_at(state, cast)
    address = reverse("supervision:issue_edit", args=[row.number])
    body = facts(description="公示栏仍未更新", department="zjj", version=row.version)
    assert client_for(stranger).post(address, body).status_code == 404
    if state not in {"draft", "registered", "revoked"}:
        assert client_for(cast.reporter).post(address, body).status_code == 403
    expected = {"draft": 302, "registered": 302}.get(state, 409)
    browser = client_for(cast.inspector)
    assert browser.get(address).status_code == (200 if expected == 302 else 409)
    assert browser.post(address, body).status_code == expected
    said = again(row, cast.inspector)
    assert (said.description == "公示栏仍未更新") == (expected == 302)


def test_edit_form_shows_what_stands_there_and_is_audited(cast, client_for):
    row = issue_at("draft", cast, goal="收费与公示一致", assisting=[cast.helper_department])
    address = reverse("supervision:issue_edit", args=[row.number])
    browser = client_for(cast.office)
    page = browser.get(address).content.decode()
    assert "收费与公示一致" in page
    assert f'value="{DUE_ON:%Y-%m-%d}"' in page
    body = facts(
        description=row.description, department="zjj", due_on=f"{DUE_ON:%Y-%m-%d}", title="", version=row.version
    )
    assert browser.post(address, body).status_code == 302
    row = again(row, cast.office)
    assert row.title == TEXT[:30]
    assert not row.assisting.exists()
    line = AuditEvent.objects.get(action="supervision.issue.edit")
    assert line.before == {"goal": "收费与公示一致", "assisting": ["cgj"]}
    assert line.after == {"goal": "", "assisting": []}


def test_editing_over_an_older_version_is_refused(cast, client_for):
    row = issue_at("draft", cast)
    address = reverse("supervision:issue_edit", args=[row.number])
    assert client_for(cast.office).post(address, facts(version=row.version - 1)).status_code == 409
