"""Inspections through both doors: planned, amended, and their drafts assigned at once (domain §7)."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from core.models import AuditEvent
from indicators.models import Evidence
from supervision.models import Inspection
from supervision.rules.inspections import day_found, standing
from supervision.selectors.inspections import inspection_rows
from supervision.services.inspections import assign_findings
from tests.factories.accounts import make_user
from tests.factories.indicators import make_indicator, make_set
from tests.factories.inspections import NOW, STARTED, inspection_again, make_finding, make_inspection

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inspection_clock")]
LIST, API = "/inspections/", "/api/v1/inspections/"
KEEPERS = ("office", "office_lead", "inspector")
READERS = (*KEEPERS, "signer", "leader")
DEPARTMENTS = ("reporter", "head", "stranger")
ADMINISTRATORS = ("sysadmin", "secadmin", "auditor")


@pytest.fixture
def inspection(inspector):
    return make_inspection(inspector)


def text_of(response, status: int = 200) -> str:
    """Return the page, which must have been served with ``status``."""
    assert response.status_code == status
    return response.content.decode()


def pdf(name: str) -> SimpleUploadedFile:
    """Return a file that is taken as it is."""
    return SimpleUploadedFile(name, "内容".encode(), "text/plain")


# --- How one stands -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("started_on", "has_report", "drafts", "expected"),
    [
        (date(2026, 11, 26), False, 0, "planned"),
        (date(2026, 11, 26), True, 0, "planned"),
        (date(2026, 11, 25), False, 0, "under_way"),
        (date(2026, 11, 25), True, 1, "under_way"),
        (date(2026, 11, 25), True, 0, "closed"),
    ],
)
def test_standing_follows_from_start_report_and_drafts(started_on, has_report, drafts, expected, inspector):
    today = date(2026, 11, 25)
    assert standing(started_on=started_on, has_report=has_report, drafts=drafts, today=today) == expected
    report = pdf("报告.txt") if has_report else None
    row = make_inspection(inspector, started_on=started_on, report=report)
    for _ in range(drafts):
        make_finding(row, inspector)
    found = [row for row in ("planned", "under_way", "closed") if _listed(inspector, row)]
    assert found == [expected]


def _listed(user, wanted: str) -> list[int]:
    return [row["id"] for row in inspection_rows(user, {"standing": wanted}, today=date(2026, 11, 25))]


@pytest.mark.parametrize(
    ("ended_on", "expected"),
    [(None, date(2026, 11, 25)), (date(2026, 11, 24), date(2026, 11, 24)), (date(2026, 12, 1), date(2026, 11, 25))],
)
def test_finding_entered_late_was_made_while_the_inspection_lasted(ended_on, expected):
    row = Inspection(kind="open", started_on=STARTED, ended_on=ended_on)
    assert day_found(row, date(2026, 11, 25)) == expected


# --- Who sees and writes ----------------------------------------------------------------------------


@pytest.mark.parametrize("role", [*READERS, *DEPARTMENTS, *ADMINISTRATORS])
def test_who_reads_and_who_writes(role, inspection, department, inspector, request, client_for, api_for):
    make_finding(inspection, inspector, department=department)
    assign_findings(inspection, actor=inspector, now=NOW)
    user = request.getfixturevalue(role)
    browser, api = client_for(user), api_for(user)
    reads, keeps = role in READERS, role in KEEPERS
    one = f"{LIST}{inspection.pk}/"
    assert browser.get(LIST).status_code == (200 if reads else 403)
    assert browser.get(one).status_code == (200 if reads else 404)
    assert browser.get(f"{one}notices/{department.code}/").status_code == (200 if reads else 404)
    for page in ("edit/", "findings/new/", "assign/"):
        assert browser.get(one + page).status_code == (200 if keeps else 403 if reads else 404), page
    assert api.get(API).status_code == (200 if reads else 403)
    hidden = 403 if role in ADMINISTRATORS else 404
    assert api.get(f"{API}{inspection.pk}/").status_code == (200 if reads else hidden)
    changed = api.patch(f"{API}{inspection.pk}/", {"places": "乡镇大厅"}, format="json")
    assert changed.status_code == (200 if keeps else 403 if reads else hidden)
    assert api.post(f"{API}{inspection.pk}/assign/").status_code == (409 if keeps else 403 if reads else hidden)
    created = api.post(API, {"kind": "open", "started_on": "2026-11-25"}, format="json")
    assert created.status_code == (201 if keeps else 403)


def test_department_learns_neither_kind_nor_team_from_its_issue(inspector, head, department, client_for, api_for):
    row = make_inspection(inspector, kind="covert", title="窗口服务暗访第七组", team=[inspector])
    issue = make_finding(row, inspector, department=department)
    assign_findings(row, actor=inspector, now=NOW)
    page = text_of(client_for(head).get(issue.get_absolute_url()))
    assert "第七组" not in page
    answer = api_for(head).get(f"/api/v1/issues/{issue.number}/")
    if answer.status_code == 200:
        assert "第七组" not in answer.content.decode()
        assert not answer.json().get("inspection")


def test_report_is_not_shown_to_the_departments_of_those_who_inspect(office, office_department, client_for, api_for):
    row = make_inspection(office, kind="covert", title="暗访第七组", report=pdf("报告.txt"))
    colleague = make_user("ysb_reporter", Role.REPORTER, department=office_department)
    assert api_for(colleague).get(f"/api/v1/evidence/{row.report.pk}/").status_code == 404
    assert "第七组" not in text_of(client_for(colleague).get(reverse("indicators:evidence")))


# --- Writing ---------------------------------------------------------------------------------------------


def test_inspection_is_written_amended_and_closed_by_its_report(inspector, office, client_for):
    make_set()
    indicator = make_indicator("A18", name="政务服务")
    browser = client_for(inspector)
    typed = {
        "kind": "covert",
        "started_on": "2026-11-24",
        "ended_on": "2026-11-25",
        "places": "县政务服务大厅",
        "team": [inspector.pk, office.pk],
        "indicators": [indicator.pk],
        "plan": pdf("方案.txt"),
        "plan_approved_by": "王县长",
        "plan_approved_on": "2026-11-20",
    }
    answer = browser.post(f"{LIST}new/", typed)
    row = Inspection.objects.visible_to(inspector).get()
    assert answer["Location"] == row.get_absolute_url()
    assert row.title == "2026年11月24日暗访"
    page = text_of(browser.get(row.get_absolute_url()))
    for words in (
        "进行中",
        "暗访",
        inspector.name,
        office.name,
        "A18 政务服务",
        "方案.txt",
        "王县长",
        "还没有记录问题",
    ):
        assert words in page, words
    assert b"".join(browser.get(f"{row.get_absolute_url()}plan/").streaming_content) == "内容".encode()
    assert browser.get(f"{row.get_absolute_url()}report/").status_code == 404

    again = {"kind": "covert", "started_on": "2026-11-24", "title": "暗访", "version": row.version}
    browser.post(f"{row.get_absolute_url()}edit/", again | {"report": pdf("报告.txt")})
    row.refresh_from_db()
    assert row.plan is not None, "a file left out stays"
    assert row.report is not None
    assert not row.report.for_review
    assert "已结束" in text_of(browser.get(row.get_absolute_url()))
    event = AuditEvent.objects.get(action="supervision.inspection.change")
    assert event.before["team"] == ["inspector", "office"]
    assert event.after["team"] == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"started_on": ""}, "请填写开始日期"),
        ({"ended_on": "2026-11-23"}, "结束日期不能早于开始日期"),
        ({"started_on": "昨天"}, "开始日期应写作 2026-11-23"),
        ({"kind": "secret"}, "secret"),
        ({"team": ["999999"]}, "所选人员不在可选范围内"),
    ],
)
def test_wrong_inspection_is_said_at_the_field_and_input_is_kept(typed, sentence, inspector, client_for):
    values = {"kind": "open", "started_on": "2026-11-24", "places": "长长的地点"} | typed
    page = text_of(client_for(inspector).post(f"{LIST}new/", values), 422)
    assert sentence in page
    assert "长长的地点" in page
    assert not Inspection.objects.visible_to(inspector).exists()


def test_refused_file_is_said_at_its_field(inspector, client_for):
    values = {"kind": "open", "started_on": "2026-11-24", "plan": SimpleUploadedFile("方案.exe", b"MZ\x90\x00")}
    page = text_of(client_for(inspector).post(f"{LIST}new/", values), 422)
    assert 'id="id_plan_error"' in page


def test_page_from_before_somebody_else_s_change_is_refused(inspection, inspector, office, client_for, api_for):
    api_for(office).patch(f"{API}{inspection.pk}/", {"places": "乡镇"}, format="json")
    stale = {"kind": "open", "started_on": "2026-11-24", "version": inspection.version}
    assert client_for(inspector).post(f"{LIST}{inspection.pk}/edit/", stale).status_code == 409


def test_api_writes_what_the_contract_names_and_guards_versions(inspector, office, api_for):
    make_set()
    make_indicator("A18", name="政务服务")
    api = api_for(inspector)
    body = {
        "kind": "third_party",
        "started_on": "2026-11-24",
        "places": "县城",
        "indicators": ["A18"],
        "team": ["office", "inspector"],
    }
    created = api.post(API, body, format="json")
    row = created.json()
    assert created.status_code == 201
    assert (row["title"], row["kind_label"], row["status"]) == ("2026年11月24日第三方评估", "第三方评估", "under_way")
    assert (row["team"], row["indicators"], row["findings"]) == (["inspector", "office"], ["A18"], 0)
    one = f"{API}{row['id']}/"
    tag = api.get(one)["ETag"]
    report = Evidence.objects.create(
        title="评估报告",
        kind="other",
        link="https://example.org/r",
        added_by=inspector,
        added_at=NOW,
        status="pending",
    )
    missing = api.patch(one, {"report": 999999}, format="json")
    assert missing.status_code == 400
    assert missing.json()["errors"][0]["field"] == "report"
    office_api = api_for(office)  # the office reviews evidence, so it sees a report that hangs on nothing yet
    changed = office_api.patch(one, {"report": report.pk, "team": ["office"]}, format="json", HTTP_IF_MATCH=tag)
    assert changed.status_code == 200
    assert (changed.json()["report"], changed.json()["status"], changed.json()["team"]) == (
        report.pk,
        "closed",
        ["office"],
    )
    assert changed.json()["indicators"] == ["A18"], "what is left out stays"
    assert office_api.patch(one, {"places": "城关"}, format="json", HTTP_IF_MATCH=tag).status_code == 412


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "secret"}, "kind"),
        ({"started_on": None}, "started_on"),
        ({"ended_on": "2026-11-01"}, "ended_on"),
        ({"team": ["nobody"]}, "team"),
        ({"team": ["zjj_reporter"]}, "team"),
        ({"indicators": ["Z99"]}, "indicators"),
        ({"plan": True}, "plan"),
    ],
)
def test_api_names_what_is_wrong(body, field, inspector, reporter, api_for):
    answer = api_for(inspector).post(API, {"kind": "open", "started_on": "2026-11-24"} | body, format="json")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


# --- The list ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"a", "b"}),
        ("?kind=covert", {"b"}),
        ("?search=大厅 县", {"a"}),
        ("?search=没有", set()),
        ("?from=2026-11-25", {"b"}),
        ("?to=2026-11-24", {"a"}),
        ("?standing=planned", set()),
        ("?standing=nonsense", {"a", "b"}),
        ("?from=nonsense", {"a", "b"}),
    ],
)
def test_page_is_narrowed_by_the_address(query, expected, inspector, client_for):
    rows = {
        "a": make_inspection(inspector),
        "b": make_inspection(inspector, kind="covert", title="乡镇暗访", places="", started_on=date(2026, 11, 25)),
    }
    page = text_of(client_for(inspector).get(f"{LIST}{query}"))
    assert {name for name, row in rows.items() if f'href="{row.get_absolute_url()}"' in page} == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?kind=covert", {"b"}),
        ("?started_on__gte=2026-11-25", {"b"}),
        ("?started_on__lte=2026-11-24", {"a"}),
        ("?search=大厅", {"a"}),
        ("?status=closed", set()),
        ("?ordering=started_on", {"a", "b"}),
    ],
)
def test_api_list_is_narrowed(query, expected, inspector, api_for):
    rows = {
        "a": make_inspection(inspector),
        "b": make_inspection(inspector, kind="covert", title="乡镇暗访", places="", started_on=date(2026, 11, 25)),
    }
    found = {row["id"] for row in api_for(inspector).get(API + query).json()["results"]}
    assert found == {rows[name].pk for name in expected}


def test_api_refuses_an_unknown_parameter(inspector, api_for):
    answer = api_for(inspector).get(f"{API}?color=red")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "color")


def queries(client, address: str) -> int:
    """Return how many queries one request costs."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_lists_and_page_ask_the_same_number_of_queries_for_2_and_20_rows(inspector, department, client_for, api_for):
    browser, api = client_for(inspector), api_for(inspector)
    one = make_inspection(inspector, team=[inspector])
    addresses = [(browser, LIST), (api, API), (browser, one.get_absolute_url())]

    def more(number: int) -> None:
        for _ in range(number):
            other = make_inspection(inspector, team=[inspector])
            make_finding(other, inspector, department=department)
            make_finding(one, inspector, department=department)
            assign_findings(inspection_again(one, inspector), actor=inspector, now=NOW)
            make_finding(one, inspector, department=department)

    more(2)
    few = [queries(client, address) for client, address in addresses]
    more(18)
    assert [queries(client, address) for client, address in addresses] == few
