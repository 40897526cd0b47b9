"""``daily-reports/`` and ``completeness/`` as the contract says (api.md)."""

from datetime import datetime, time, timedelta

import pytest

from core import clock
from core.dates import SHANGHAI
from indicators.models import DailyReport, DateUnlock, Indicator, Observation
from indicators.rules.report_dates import moment_of
from indicators.selectors.expectation import dispatch_times
from indicators.services import daily_reports as services
from tests.factories.dispatch import draft, make_gas, report_at
from tests.factories.indicators import make_evidence, observe

URL = "/api/v1/daily-reports/"


@pytest.fixture
def api(api_for, reporter):
    return api_for(reporter)


def post(client, path="", body=None, **headers):
    return client.post(f"{URL}{path}", body or {}, format="json", **headers)


@pytest.fixture
def valued(gas):
    observe(Indicator.objects.get(code="A08.1"), 6)
    return gas


def test_a_report_from_draft_to_accepted_changes_the_value(valued, api, api_for, reporter, head, office, today):
    body = {
        "indicator": "A08",
        "date": today.isoformat(),
        "progress": "并联审批",
        "values": [{"indicator": "A08.1", "value": "５.5", "as_of": today.isoformat(), "reason": ""}],
        "evidence": [make_evidence(reporter).pk],
    }
    answer = post(api, body=body)
    assert answer.status_code == 201
    row = answer.json()
    assert (row["status"], row["status_label"], row["actions"]) == ("draft", "草稿", ["submit"])
    assert row["values"][0]["value"] == "5.5"
    assert answer["ETag"]
    assert post(api, body={"indicator": "A08", "date": today.isoformat()}).status_code == 200
    path = f"{row['id']}/"
    assert post(api, f"{path}submit/").json()["status"] == "submitted"
    assert post(api_for(head), f"{path}approve/").json()["status"] == "reported"
    assert Observation.objects.unscoped("test").get(report=row["id"]).standing == "pending"
    assert post(api_for(office), f"{path}accept/").json()["status"] == "accepted"
    assert Observation.objects.unscoped("test").get(report=row["id"]).standing == "accepted"


@pytest.mark.parametrize(
    "value, code",
    [
        ("abc", "not_a_number"),
        ("6.12345", "too_many_decimals"),
        (6.12345, "too_many_decimals"),
        (400, "out_of_range"),
        (-1, "out_of_range"),
        ("", "required"),
        (None, "required"),
    ],
)
def test_a_draft_may_hold_a_wrong_value_and_submit_names_it(valued, api, today, value, code):
    body = {"indicator": "A08", "date": today.isoformat(), "values": [{"indicator": "A08.1", "value": value}]}
    answer = post(api, body=body)
    assert answer.status_code == 201
    refused = post(api, f"{answer.json()['id']}/submit/")
    assert refused.status_code == 400
    assert (refused.json()["errors"][0]["field"], refused.json()["errors"][0]["code"]) == ("values[0].value", code)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in refused.json()["errors"][0]["detail"])


def test_values_are_never_rounded(valued, api, today):
    body = {
        "indicator": "A08",
        "date": today.isoformat(),
        "values": [{"indicator": "A08.1", "value": 6.1234, "evidence_later": True}],
    }
    assert post(api, body=body).json()["values"][0]["value"] == "6.1234"


@pytest.mark.parametrize(
    "change, field",
    [
        ({"indicator": "A99"}, "indicator"),
        ({"indicator": "A08.1"}, "indicator"),
        ({"indicator": None}, "indicator"),
        ({"date": "2026-13-01"}, "date"),
        ({"date": "2999-01-04"}, "date"),
        ({"coordination": "nobody"}, "coordination"),
        ({"values": [{"indicator": "A08.1", "value": {}}]}, "values[0].value"),
        ({"values": [{"indicator": "A08.1", "value": "1" * 61}]}, "values[0].value"),
        ({"values": [{"indicator": "A77.1", "value": "1"}]}, "values[0].indicator"),
        ({"values": [{"indicator": "A08.1", "value": "1", "as_of": "昨天"}]}, "values[0].as_of"),
        ({"evidence": [987654]}, "evidence[0]"),
        ({"evidence": ["x"]}, "evidence"),
    ],
)
def test_wrong_shape_is_400_at_its_field_and_nothing_is_written(gas, api, today, change, field):
    answer = post(api, body={"indicator": "A08", "date": today.isoformat(), "progress": "x"} | change)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"].startswith(field)
    assert not DailyReport.objects.unscoped("test").exists()


@pytest.mark.parametrize("who, status", [("assisting", 403), ("stranger", 403), ("office", 403), ("sysadmin", 403)])
def test_only_the_lead_department_writes(request, gas, api_for, today, who, status):
    client = api_for(request.getfixturevalue(who))
    assert post(client, body={"indicator": "A08", "date": today.isoformat()}).status_code == status


def test_a_rest_day_is_400_and_a_locked_day_409_before_the_content(gas, api, today):
    calendar = dispatch_times().calendar
    old = calendar.add_workdays(today, -5)
    answer = post(api, body={"indicator": "A08", "date": old.isoformat(), "coordination": "self"})
    assert (answer.status_code, answer.json()["code"]) == (409, "locked")
    assert "该日已锁定" in answer.json()["detail"]
    rest = old
    while calendar.is_workday(rest):
        rest -= timedelta(days=1)
    assert post(api, body={"indicator": "A08", "date": rest.isoformat()}).json()["errors"][0]["code"] == "rest_day"


def test_if_match_is_judged_after_the_person_and_before_the_state(gas, api, api_for, reporter, office, today):
    report = draft(gas, reporter, day=today, now=clock.now())
    assert post(api, f"{report.pk}/submit/", HTTP_IF_MATCH='"old"').status_code == 412
    assert post(api_for(office), f"{report.pk}/submit/", HTTP_IF_MATCH='"old"').status_code == 403
    body = {"indicator": "A08", "date": today.isoformat(), "progress": "y"}
    assert post(api, body=body, HTTP_IF_MATCH='"old"').status_code == 412
    tag = api.get(f"{URL}{report.pk}/")["ETag"]
    assert post(api, body=body, HTTP_IF_MATCH=tag).status_code == 200


@pytest.mark.parametrize("act", ["send_back", "return", "reopen"])
@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "  "}])
def test_acts_that_need_a_reason_say_so_after_the_state(
    gas, api_for, reporter, head, office, office_lead, today, act, body
):
    status, who = {
        "send_back": ("submitted", head),
        "return": ("reported", office),
        "reopen": ("accepted", office_lead),
    }[act]
    report = report_at(status, gas, reporter=reporter, head=head, office=office, day=today, now=clock.now())
    answer = post(api_for(who), f"{report.pk}/{act}/", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "reason")


def test_no_change_for_all_names_what_it_left_alone(gas, department, reporter, api, today):
    make_gas(department, "A03", "办理建筑许可")
    draft(gas, reporter, day=today, now=clock.now())
    answer = post(api, "no-change/", {"date": today.isoformat()})
    assert answer.status_code == 200
    assert answer.json()["reported"] == ["A03"]
    assert [one["indicator"] for one in answer.json()["left"]] == ["A08"]


def test_no_change_for_named_ones(gas, department, api, today):
    make_gas(department, "A03", "办理建筑许可")
    answer = post(api, "no-change/", {"date": today.isoformat(), "indicators": ["A03"]})
    assert answer.json() == {"date": today.isoformat(), "reported": ["A03"], "left": []}


def test_submitting_a_flagged_draft_is_reported_at_once(gas, api, today):
    row = post(api, body={"indicator": "A08", "date": today.isoformat(), "no_change": True}).json()
    assert post(api, f"{row['id']}/submit/").json()["status"] == "reported"


def test_unlock_is_the_offices(gas, api, api_for, office, today):
    old = dispatch_times().calendar.add_workdays(today, -5)
    until = (clock.now() + timedelta(hours=2)).astimezone(SHANGHAI)
    body = {"indicator": "A08", "date": old.isoformat(), "reason": "系统故障", "until": until.isoformat()}
    assert post(api, "unlock/", body).status_code == 403
    assert post(api_for(office), "unlock/", body | {"reason": ""}).json()["errors"][0]["field"] == "reason"
    assert post(api_for(office), "unlock/", body).status_code == 200
    assert DateUnlock.objects.unscoped("test").get().until == until
    assert post(api, body={"indicator": "A08", "date": old.isoformat(), "progress": "补报"}).status_code == 201


def test_remind_sends_one_digest_an_hour_and_gives_the_text(gas, api, api_for, reporter, office, today):
    assert post(api, "remind/", {"date": today.isoformat()}).status_code == 403
    first = post(api_for(office), "remind/", {"date": today.isoformat()}).json()
    assert first["reminded"] == ["zjj"]
    assert "县住建局 1 项" in first["text"]
    assert reporter.name not in first["text"]
    again = post(api_for(office), "remind/", {"date": today.isoformat(), "departments": ["zjj"]}).json()
    assert again["reminded"] == []
    wrong = post(api_for(office), "remind/", {"date": today.isoformat(), "departments": ["nobody"]})
    assert wrong.json()["errors"][0]["field"] == "departments[0]"


# --- lists -----------------------------------------------------------------------------------------


def test_departments_see_what_they_lead_or_assist(gas, api, api_for, reporter, assisting, stranger, office, today):
    draft(gas, reporter, day=today, now=clock.now())
    counts = {
        who.username: len(api_for(who).get(URL).json()["results"]) for who in (reporter, assisting, stranger, office)
    }
    assert counts == {"zjj_reporter": 1, "cgj_reporter": 1, "czj_reporter": 0, "office": 1}


def test_filters_of_the_list(gas, department, api_for, reporter, head, office, today):
    other = make_gas(department, "A03", "办理建筑许可")
    draft(gas, reporter, day=today, now=clock.now())
    late = services.report_no_change(other, day=today, actor=reporter, now=clock.now())
    cut_off = dispatch_times().cut_off_of(today)
    DailyReport.objects.unscoped("test").filter(pk=late.pk).update(first_submitted_at=cut_off + timedelta(minutes=1))
    client = api_for(office)

    def found(**query):
        return [row["indicator"] for row in client.get(URL, query).json()["results"]]

    assert found(status="draft") == ["A08"]
    assert found(indicator="A03") == ["A03"]
    assert found(late="true") == ["A03"]
    assert found(late="false") == ["A08"]
    assert sorted(found(department="zjj")) == ["A03", "A08"]
    assert found(date__lte="2020-01-01") == []
    assert len(found(date=today.isoformat())) == 2
    assert client.get(URL, {"count": "true"}).json()["count"] == 2
    assert client.get(URL, {"colour": "red"}).status_code == 400
    assert client.get(URL, {"status": "open"}).status_code == 400


def test_the_list_costs_the_same_queries_for_2_and_20_rows(
    gas, department, reporter, office, api_for, today, django_assert_num_queries, django_assert_max_num_queries
):
    calendar = dispatch_times().calendar
    days = [calendar.add_workdays(today, -offset) for offset in range(20)]
    client = api_for(office)
    client.get(URL)

    def queries(number):
        while DailyReport.objects.unscoped("test").count() < number:
            day = days[DailyReport.objects.unscoped("test").count()]
            moment = dispatch_times().cut_off_of(day) - timedelta(hours=1)
            draft(gas, reporter, day=day, now=moment, values=[{"indicator": "A08.1", "value": "7"}])
        with django_assert_max_num_queries(30) as captured:
            assert len(client.get(URL).json()["results"]) == number
        return len(captured)

    assert queries(2) == queries(20)


# --- completeness ----------------------------------------------------------------------------------


def test_completeness_by_department_and_total(gas, department, other_department, api_for, reporter, office, today):
    make_gas(department, "A03", "办理建筑许可")
    make_gas(other_department, "A09", "登记财产")
    yesterday = dispatch_times().calendar.previous_workday(today)
    cut_off = dispatch_times().cut_off_of(yesterday)
    services.report_no_change(gas, day=yesterday, actor=reporter, now=cut_off)
    query = {"period": f"{yesterday:%Y%m%d}", "cut_off": (cut_off + timedelta(hours=1)).isoformat()}
    body = api_for(office).get("/api/v1/completeness/", query).json()
    figures = {
        row["department"]: (row["expected"], row["actual"], row["actual_on_time"], row["rate"]) for row in body["rows"]
    }
    assert figures == {"zjj": (2, 1, 1, "50.00"), "czj": (1, 0, 0, "0.00")}
    assert (body["total"]["expected"], body["total"]["rate"], body["total"]["rate_on_time"]) == (3, "33.33", "33.33")
    own = api_for(reporter).get("/api/v1/completeness/", query).json()
    assert [row["department"] for row in own["rows"]] == ["zjj"]
    assert own["total"]["expected"] == 2


def test_completeness_of_a_rest_day_has_no_rate(gas, api_for, office):
    body = api_for(office).get("/api/v1/completeness/", {"period": "20261001"}).json()
    assert body["rows"] == []
    assert body["total"]["rate"] is None


@pytest.mark.parametrize(
    "query, field",
    [
        ({"period": "2026W54"}, "period"),
        ({"cut_off": "gestern"}, "cut_off"),
        ({"month": "11"}, "month"),
        ({"from": "2026-11-01"}, "to"),
    ],
)
def test_completeness_names_a_wrong_parameter(gas, api_for, office, query, field):
    answer = api_for(office).get("/api/v1/completeness/", query)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


@pytest.mark.parametrize("written", ["{0}T17:30:00+08:00", "{0}T17:30:00 08:00", "{0}T09:30:00Z", "{0}T17:30:00"])
def test_cut_off_is_read_with_and_without_offset(gas, api_for, office, today, written):
    yesterday = today - timedelta(days=1)
    query = {"period": f"{yesterday:%Y%m%d}", "cut_off": written.format(yesterday.isoformat())}
    body = api_for(office).get("/api/v1/completeness/", query).json()
    assert datetime.fromisoformat(body["cut_off"]) == moment_of(yesterday, time(17, 30))


def test_days_to_come_are_not_expected_whatever_the_cut_off(gas, api_for, office, today):
    query = {
        "from": today.isoformat(),
        "to": (today + timedelta(days=30)).isoformat(),
        "cut_off": "2099-01-01T00:00:00Z",
    }
    assert api_for(office).get("/api/v1/completeness/", query).json()["total"]["expected"] == 1
