"""The REST door of the calendar (api.md)."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.models import AuditEvent
from core.selectors.calendar import work_calendar

pytestmark = pytest.mark.django_db
NOTICE = "日期,结束日期,安排,名称\n2027-01-01,2027-01-03,休,元旦\n2027-10-01,2027-10-07,休,国庆节\n2027-10-09,,班,\n"
DAYS = [
    {"date": "2027-01-01", "end": "2027-01-03", "kind": "rest", "name": "元旦"},
    {"date": "2027-10-09", "kind": "work"},
]


@pytest.fixture
def api(office, api_for):
    return api_for(office)


def refused_fields(response):
    return [error["field"] for error in response.json()["errors"]]


def test_year_lists_its_days(api):
    answer = api.get("/api/v1/calendar/", {"year": 2026}).json()
    assert (answer["year"], answer["published"], len(answer["days"])) == (2026, True, 365)
    assert answer["days"][0] == {"date": "2026-01-01", "kind": "rest", "name": "元旦", "source": "state_council"}


def test_year_not_published_is_presumed(api):
    answer = api.get("/api/v1/calendar/", {"year": 2090}).json()
    assert not answer["published"]
    assert {day["source"] for day in answer["days"]} == {"presumed"}


def test_year_is_not_sent_twice(api):
    tag = api.get("/api/v1/calendar/", {"year": 2026})["ETag"]
    assert api.get("/api/v1/calendar/", {"year": 2026}, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("query", "field"),
    [({"year": "x"}, "year"), ({"year": "2003"}, "start"), ({"year": "99999"}, "year"), ({"years": "2026"}, "years")],
)
def test_strange_year_is_refused(api, query, field):
    response = api.get("/api/v1/calendar/", query)
    assert (response.status_code, refused_fields(response)) == (400, [field])


def test_due_date_explains_itself(api):
    query = {"start": "2026-09-30T10:00:00+08:00", "amount": 5, "unit": "workday"}
    answer = api.get("/api/v1/calendar/due-date/", query).json()
    assert (answer["due_on"], answer["due_at"]) == ("2026-10-13", "2026-10-13T23:59:59+08:00")
    assert answer["provisional"] is False
    assert answer["steps"][0] == {"date": "2026-09-30", "counted": False, "reason": "起算日不计"}
    assert answer["steps"][-1] == {"date": "2026-10-13", "counted": True, "reason": "第5日"}


@pytest.mark.parametrize(
    ("start", "due_at"),
    [
        ("2026-11-23T10:00:00 08:00", "2026-11-23T12:00:00+08:00"),  # the plus was not escaped
        ("2026-11-23T02:00:00Z", "2026-11-23T12:00:00+08:00"),
        ("2026-11-23T10:00", "2026-11-23T12:00:00+08:00"),
        ("2026-11-23 10:00", "2026-11-23T12:00:00+08:00"),
        ("2026-11-23", "2026-11-23T10:30:00+08:00"),
    ],
)
def test_due_date_reads_the_usual_moments(api, start, due_at):
    answer = api.get("/api/v1/calendar/due-date/", {"start": start, "amount": "2", "unit": "work_hour"}).json()
    assert answer["due_at"] == due_at


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"start": "gestern"}, "start"),
        ({"start": "2026-02-30"}, "start"),
        ({"start": "1999-01-01"}, "start"),
        ({"start": ""}, "start"),
        ({"amount": "1.5"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": ""}, "amount"),
        ({"unit": "fortnight"}, "unit"),
        ({"units": "workday"}, "units"),
    ],
)
def test_due_date_names_the_wrong_parameter(api, change, field):
    query = {"start": "2026-11-23", "amount": "2", "unit": "workday"} | change
    response = api.get("/api/v1/calendar/due-date/", query)
    assert (response.status_code, refused_fields(response)) == (400, [field])


def test_import_takes_a_csv_file(api):
    upload = SimpleUploadedFile("2027.csv", NOTICE.encode("gb18030"))
    response = api.post("/api/v1/calendar/import/", {"file": upload, "purpose": "通知"}, format="multipart")
    answer = response.json()
    assert (response.status_code, answer["year"]) == (201, 2027)
    assert {"date": "2027-10-09", "before": "周六", "after": "调休上班", "kind": "work"} in answer["changes"]
    assert "春节" in answer["warnings"][0]
    assert work_calendar().is_make_up(date(2027, 10, 9))


def test_import_takes_json_and_preview_stores_nothing(api):
    body = {"year": 2027, "days": DAYS}
    assert api.post("/api/v1/calendar/import/", body | {"preview": True}, format="json").status_code == 200
    assert 2027 not in work_calendar().published_years
    assert api.post("/api/v1/calendar/import/", body, format="json").status_code == 201
    assert 2027 in work_calendar().published_years
    assert AuditEvent.objects.filter(action="core.calendar.load_year").count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "days"),
        ({"year": "soon", "days": DAYS}, "year"),
        ({"year": 2027, "days": "x"}, "days"),
        ({"year": 2027, "days": [{"date": "2027-01-01", "kind": "half"}]}, "rows.1"),
        ({"year": 2027, "days": [{"kind": "rest"}]}, "rows.1"),
        ({"year": 2026, "days": DAYS}, "rows.1"),
    ],
)
def test_import_names_what_is_wrong(api, body, field):
    response = api.post("/api/v1/calendar/import/", body, format="json")
    assert response.status_code == 400
    assert refused_fields(response)[0] == field


def test_import_of_past_days_is_a_conflict(api):
    body = {"year": 2026, "days": [{"date": "2026-01-01", "kind": "rest"}]}
    assert api.post("/api/v1/calendar/import/", body, format="json").status_code == 409


def test_reading_is_for_business_roles_and_loading_for_the_office(api_for, reporter, office_lead, auditor):
    body = {"year": 2027, "days": DAYS}
    assert api_for(reporter).get("/api/v1/calendar/").status_code == 200
    assert api_for(reporter).post("/api/v1/calendar/import/", body, format="json").status_code == 403
    assert api_for(auditor).get("/api/v1/calendar/").status_code == 403
    assert api_for(office_lead).post("/api/v1/calendar/import/", body, format="json").status_code == 201
