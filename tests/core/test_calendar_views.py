"""The pages 日历与规则: what they show, to whom, and what wrong input gets (domain §5)."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock
from core.models import CalendarDay, DeadlineRule, OfficeHours
from core.selectors.calendar import deadline_rule, work_calendar

pytestmark = pytest.mark.django_db
NOTICE = "日期,结束日期,安排,名称\n2027-01-01,2027-01-03,休,元旦\n2027-10-01,2027-10-07,休,国庆节\n2027-10-09,,班,\n"
FESTIVALS = {
    "year": "2027",
    "purpose": "国务院办公厅通知",
    "new_year_first": "2027-01-01",
    "new_year_last": "2027-01-03",
    "national_first": "2027-10-01",
    "national_last": "2027-10-07",
    "national_work": "2027-09-26、2027-10-09",
}


@pytest.fixture(autouse=True)
def _in_november(stop_clock, now):
    """2026 is published, 2027 is not."""
    stop_clock(now)


@pytest.fixture
def browser(office, client_for):
    return client_for(office)


@pytest.fixture
def tomorrow():
    return clock.today() + timedelta(days=1)


@pytest.fixture
def rule():
    return deadline_rule(matter="hotline", stage="sign_for", on=clock.today())


def text_of(response):
    return response.content.decode()


def test_year_page_marks_rest_and_make_up_days(browser):
    html = text_of(browser.get("/calendar/", {"year": "2026"}))
    assert "2026年工作日历" in html
    assert 'title="10月1日 国庆节"' in html
    assert 'title="10月10日 调休上班"' in html
    assert html.count("<table") == 12


def test_year_page_of_a_presumed_year_says_so(browser):
    html = text_of(browser.get("/calendar/", {"year": "2027"}))
    assert "推定" in html
    assert "未公布" in html


@pytest.mark.parametrize("year", ["1999", "x", "2999"])
def test_year_page_of_no_year_is_not_found(browser, year):
    assert browser.get("/calendar/", {"year": year}).status_code == 404


def test_only_keepers_see_the_buttons(browser, reporter, client_for):
    assert "/calendar/load/" in text_of(browser.get("/calendar/"))
    html = text_of(client_for(reporter).get("/calendar/"))
    assert "/calendar/load/" not in html
    assert "/calendar/days/" not in html
    assert "/change/" not in text_of(client_for(reporter).get("/calendar/rules/"))


@pytest.mark.parametrize(
    "path",
    [
        "/calendar/load/",
        "/calendar/load/file/",
        "/calendar/load/confirm/",
        "/calendar/days/2026-12-07/",
        "/calendar/rules/add/",
        "/calendar/office-hours/",
    ],
)
def test_keeping_is_refused_to_others(reporter, client_for, path):
    assert client_for(reporter).get(path).status_code == 403
    assert client_for(reporter).post(path).status_code == 403


def test_page_is_not_for_administrators(sysadmin, client_for):
    assert client_for(sysadmin).get("/calendar/").status_code == 403


def test_calculator_shows_the_day_chain(browser):
    query = {"start": "2026-09-30T10:00", "amount": "5", "unit": "workday"}
    html = text_of(browser.get("/calendar/due-date/", query))
    assert "10月13日 周二到期" in html
    assert "daychain__day--adj" in html
    assert "10月1日至10月7日国庆节；10月10日调休上班，计入" in html


def test_calculator_says_what_rests_on_a_presumed_year(browser):
    html = text_of(browser.get("/calendar/due-date/", {"start": "2026-12-24T09:00", "amount": "6", "unit": "workday"}))
    assert "日历未公布，暂按周一至周五推算" in html


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"start": "soon"}, "起算时间应写作"),
        ({"start": "1999-01-01T09:00"}, "工作日历自2004年起"),
        ({"amount": "0"}, "时限应为 1 以上的整数"),
        ({"amount": "9999"}, "时限应在 1 到 2500 之间"),
    ],
)
def test_calculator_names_what_is_wrong_and_keeps_the_rest(browser, change, sentence):
    response = browser.get(
        "/calendar/due-date/", {"start": "2026-09-30T10:00", "amount": "5", "unit": "workday"} | change
    )
    assert sentence in text_of(response)
    assert (change.get("amount") or "5") in text_of(response)


def test_notice_is_previewed_then_confirmed(browser):
    preview = browser.post("/calendar/load/", FESTIVALS)
    assert preview.status_code == 200
    assert "没有列出：春节" in text_of(preview)
    assert "国庆节" in text_of(preview)
    assert 2027 not in work_calendar().published_years
    confirmed = browser.post("/calendar/load/confirm/", preview.context["confirm"].initial)
    assert confirmed["Location"] == "/calendar/?year=2027"
    calendar = work_calendar()
    assert not calendar.is_workday(date(2027, 10, 1))
    assert calendar.is_make_up(date(2027, 9, 26))


def test_notice_comes_as_a_file_too(browser):
    upload = SimpleUploadedFile("2027.csv", NOTICE.encode("gb18030"))
    preview = browser.post("/calendar/load/file/", {"year": "2027", "purpose": "通知", "file": upload})
    assert browser.post("/calendar/load/confirm/", preview.context["confirm"].initial).status_code == 302
    assert CalendarDay.objects.filter(date__year=2027).count() == 365


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"year": ""}, "请填写年份"),
        ({"year": "2072"}, "年份应在"),
        ({"purpose": ""}, "请填写通知名称或文号"),
        ({"new_year_first": "", "new_year_last": ""}, "请填写元旦放假首日"),
        ({"national_first": ""}, "请填写国庆节放假首日"),
        ({"national_last": "2027-09-01"}, "国庆节放假末日早于首日"),
        ({"national_work": "10月9日"}, "填的是“10月9日”"),
        ({"national_work": "2027-10-08"}, "本来上班"),
        ({"spring_first": "2026-02-06"}, "不在2027年安排之内"),
    ],
)
def test_wrong_notice_is_refused_with_everything_typed_kept(browser, change, sentence):
    response = browser.post("/calendar/load/", FESTIVALS | change)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert "2027-01-03" in text_of(response) or "new_year_last" in change


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"PK\x03\x04", "不是工作簿"), (b"a,b\n1,2", "缺少列"), ("日期,安排\n1月1日,休".encode(), "第 2 行")],
)
def test_wrong_file_is_refused_at_its_field(browser, content, sentence):
    form = {"year": "2027", "purpose": "通知", "file": SimpleUploadedFile("2027.csv", content)}
    response = browser.post("/calendar/load/file/", form)
    assert response.status_code == 422
    assert sentence in text_of(response)


def test_one_day_is_changed(browser, tomorrow):
    response = browser.post(f"/calendar/days/{tomorrow}/", {"kind": "rest", "name": "停工", "purpose": "县政府通知"})
    assert response["Location"] == f"/calendar/?year={tomorrow.year}"
    assert work_calendar().name_of(tomorrow) == "停工"


def test_day_that_does_not_exist_is_no_address(browser):
    assert browser.get("/calendar/days/2026-02-30/").status_code == 404


def test_rules_page_lists_limits_and_hours(browser):
    html = text_of(browser.get("/calendar/rules/"))
    assert "12345 工单 · 举报" in html
    assert "10 个工作日" in html
    assert "08:30–12:00，14:30–17:30" in html


def test_rule_is_changed_from_a_day_on(browser, rule, tomorrow):
    url = f"/calendar/rules/{rule.pk}/change/"
    assert 'value="1"' in text_of(browser.get(url))
    form = {"amount": "2", "unit": "workday", "valid_from": tomorrow.isoformat(), "purpose": "市级要求"}
    assert browser.post(url, form)["Location"] == "/calendar/rules/"
    assert deadline_rule(matter="hotline", stage="sign_for", on=tomorrow).amount == 2
    assert "待生效" in text_of(browser.get("/calendar/rules/"))


def test_wrong_rule_keeps_what_was_typed(browser, rule):
    form = {"amount": "0", "unit": "workday", "valid_from": "2020-01-01", "purpose": "市级要求"}
    response = browser.post(f"/calendar/rules/{rule.pk}/change/", form)
    assert response.status_code == 422
    assert "时限应在 1 到 365 之间" in text_of(response)
    assert "市级要求" in text_of(response)


def test_rule_is_added_and_ended(browser, tomorrow):
    form = {"matter": "business", "stage": "handle", "urgency": "urgent", "amount": "3", "unit": "workday"}
    assert browser.post("/calendar/rules/add/", form | {"valid_from": clock.today().isoformat()}).status_code == 302
    rule = DeadlineRule.objects.get(matter="business", urgency="urgent", stage="handle")
    ended = browser.post(f"/calendar/rules/{rule.pk}/end/", {"valid_to": tomorrow.isoformat(), "purpose": "试行期满"})
    assert ended.status_code == 302
    rule.refresh_from_db()
    assert rule.valid_to == tomorrow


def test_rule_that_does_not_exist_is_not_found(browser):
    assert browser.get("/calendar/rules/999999/change/").status_code == 404


def test_office_hours_are_changed(browser, tomorrow):
    hours = {"morning_start": "08:00", "morning_end": "12:00", "afternoon_start": "15:00", "afternoon_end": "18:00"}
    assert browser.post("/calendar/office-hours/", hours | {"valid_from": tomorrow.isoformat()}).status_code == 302
    assert OfficeHours.objects.get(valid_from=tomorrow).text == "08:00–12:00，15:00–18:00"
    wrong = browser.post("/calendar/office-hours/", hours | {"valid_from": clock.today().isoformat()})
    assert wrong.status_code == 422
    assert "明天或以后" in text_of(wrong)
