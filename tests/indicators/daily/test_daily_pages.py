"""Pages of daily dispatch: readable and usable without scripts, nothing typed is lost (ui.md, quality.md)."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.confirmation import FIELD
from accounts.models import Message
from core import clock
from indicators.models import CoordinationItem, DailyReport, Evidence, Indicator
from indicators.selectors.expectation import dispatch_times
from indicators.selectors.waiting import count_of_reports, count_of_reviews, daily_to_dos
from indicators.services import daily_reports as services
from indicators.services.reminders import remind_departments
from tests.factories.accounts import PASSWORD, on_device
from tests.factories.dispatch import draft, make_gas, report_at
from tests.factories.files import picture, uploaded
from tests.factories.indicators import make_evidence, observe, set_standard

HOME = "/daily-reports/"


@pytest.fixture
def browser(client_for, reporter):
    return client_for(reporter)


@pytest.fixture
def valued(gas):
    leaf = Indicator.objects.get(code="A08.1")
    observe(leaf, "6.5")
    set_standard(leaf, "frontier", 4)
    return gas


def form_url(day, name="report_form", code="A08"):
    return reverse(f"indicators:{name}", args=[code, day])


def body(version=0, **fields):
    return {"version": version, "coordination": "self", "value_A08.1": "6.5", "value_A08.2": "", **fields}


def only_report():
    return DailyReport.objects.unscoped("test").get()


# --- the day ---------------------------------------------------------------------------------------


def test_one_tap_without_scripts_reports_no_change(browser, gas, today):
    page = browser.get(HOME).content.decode()
    assert "今日无变化" in page
    assert form_url(today, "no_change") in page
    answer = browser.post(form_url(today, "no_change"), follow=True)
    assert "已报" in answer.content.decode()
    assert only_report().status == "reported"


def test_what_one_reported_oneself_shows_on_the_next_page(keeping, browser, client_for, office, gas, today):
    """Answers kept from earlier pages are those of the data as it was (``core.kept``)."""
    reviews = client_for(office)
    assert form_url(today, "no_change") in browser.get(HOME).content.decode()
    reviews.get("/dispatch/")
    assert [waiting(browser, HOME), waiting(reviews, "/dispatch/")] == ["1 项", None]
    assert "填报" in browser.get("/").context["groups"][0].rows[0].to_do.kind
    browser.post(form_url(today, "no_change"))
    assert [waiting(browser, HOME), waiting(reviews, "/dispatch/")] == [None, "1 项"]
    assert not browser.get("/").context["groups"]
    assert form_url(today, "no_change") not in browser.get(HOME).content.decode()
    assert "已报待审" in reviews.get("/dispatch/").content.decode().partition("</thead>")[2]


def waiting(browsed, url: str) -> str | None:
    """Return the number beside the navigation's entry ``url`` as it is read aloud, None without one."""
    found = re.search(rf'href="{url}"[^>]*>.*?</a>', browsed.get("/help/").content.decode())
    number = re.search(r'aria-label="(\d+ 项)"', found[0])
    return number and number[1]


def test_all_at_once_names_what_it_left_alone(browser, gas, department, reporter, today):
    make_gas(department, "A03", "办理建筑许可")
    make_gas(department, "A07", "获得用水")
    draft(gas, reporter, day=today, now=clock.now())
    assert "全部今日无变化" in browser.get(HOME).content.decode()
    page = browser.post(reverse("indicators:no_change_all"), {"date": today.isoformat()}, follow=True).content.decode()
    assert "已报“今日无变化” 2 项" in page
    assert "A08 获得用气：草稿里已有内容" in page


def test_the_head_approves_from_the_list(client_for, gas, reporter, head, office, today):
    report = report_at("submitted", gas, reporter=reporter, head=head, office=office, day=today, now=clock.now())
    client = client_for(head)
    assert "待您审定" in client.get(HOME).content.decode()
    client.post(reverse("indicators:approve_selected"), {"reports": [report.pk, 99999, "x"]})
    report.refresh_from_db()
    assert report.status == "reported"


@pytest.mark.parametrize("door", ["report_approve", "approve_selected"])
def test_approval_on_a_trusted_device_asks_for_the_password_again(door, client_for, gas, reporter, head, office, today):
    report = report_at("submitted", gas, reporter=reporter, head=head, office=office, day=today, now=clock.now())
    arguments = [report.pk] if door == "report_approve" else []
    address, typed = reverse(f"indicators:{door}", args=arguments), {"reports": [report.pk]}
    assert client_for(reporter).post(address, typed).status_code == 403
    browser = on_device(head)
    asked = browser.post(address, typed)
    assert "请再输入一次本人密码" in asked.content.decode()
    assert only_report().status == "submitted"
    api = browser.post(f"/api/v1/daily-reports/{report.pk}/approve/")
    assert (api.status_code, api.json()["code"]) == (403, "password_confirmation_required")
    assert browser.post(address, typed | {FIELD: PASSWORD}).status_code == 302
    assert only_report().status == "reported"


def test_earlier_open_days_stale_values_and_owed_evidence_are_offered(browser, valued, reporter, head, office, today):
    calendar = dispatch_times().calendar
    earlier = calendar.add_workdays(today, -3)
    services.unlock_date(
        valued, day=earlier, reason="补报", until=clock.now() + timedelta(hours=1), actor=office, now=clock.now()
    )
    value = [{"indicator": "A08.2", "value": "90", "evidence_later": True}]
    report_at("reported", valued, reporter=reporter, head=head, office=office, day=today, now=clock.now(), values=value)
    page = browser.get(HOME).content.decode()
    assert form_url(earlier) in page
    assert "仍为 6.5 天" in page
    assert "佐证待补" in page
    browser.post(reverse("indicators:confirm_value", args=["A08.1"]))
    assert "仍为 6.5 天" not in browser.get(HOME).content.decode()


def test_a_locked_day_says_why(browser, gas, today):
    old = dispatch_times().calendar.add_workdays(today, -5)
    assert "该日已锁定" in browser.get(HOME, {"date": old.isoformat()}).content.decode()
    page = browser.get(form_url(old)).content.decode()
    assert "该日已锁定" in page
    assert 'value="submit"' not in page


# --- the form --------------------------------------------------------------------------------------


def test_the_form_carries_values_forward_and_shows_frontier_and_gap(browser, valued, today):
    page = browser.get(form_url(today)).content.decode()
    assert 'value="6.5"' in page
    assert 'inputmode="decimal"' in page
    assert "还差 2.5 天" in page


def test_a_saved_draft_keeps_what_was_typed_and_stores_no_repeated_number(browser, valued, today):
    answer = browser.post(form_url(today), body(act="save", progress="走访 3 户", **{"value_A08.2": "约九十"}))
    assert answer.status_code == 302
    report = only_report()
    assert (report.status, report.progress) == ("draft", "走访 3 户")
    assert [row.text for row in report.values.all()] == ["约九十"]
    page = browser.get(form_url(today)).content.decode()
    assert "约九十" in page
    assert "走访 3 户" in page


def test_wrong_input_is_told_at_its_field_with_422_and_everything_stays(browser, valued, today):
    typed = body(act="submit", difficulty="道路开挖", **{"value_A08.1": "４００", "value_A08.2": "九十"})
    answer = browser.post(form_url(today), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "报装时间应在 0 到 365 之间" in page
    assert "不是数字" in page
    assert "数值有变化，请附 1 份佐证材料" in page
    for text in ("４００", "九十", "道路开挖"):
        assert text in page
    assert only_report().status == "draft"
    fixed = body(
        only_report().version, act="submit", difficulty="道路开挖", **{"value_A08.1": "６", "later_A08.1": "on"}
    )
    assert browser.post(form_url(today), fixed).status_code == 302
    assert only_report().status == "submitted"


def test_a_file_becomes_evidence_and_a_disguised_one_is_refused_with_everything_kept(browser, valued, today):
    typed = body(act="submit", **{"value_A08.1": "6"})
    refused = browser.post(form_url(today), typed | {"upload": uploaded(b"MZ not a picture", "现场.png")})
    assert refused.status_code == 422
    assert not DailyReport.objects.unscoped("test").exists()
    answer = browser.post(form_url(today), typed | {"upload": uploaded(picture(), "现场.png")})
    assert answer.status_code == 302
    report = only_report()
    assert (report.status, report.evidence.get().title) == ("submitted", "现场.png")


def test_earlier_evidence_is_reused(browser, valued, reporter, today):
    evidence = make_evidence(reporter)
    typed = body(act="submit", evidence=[evidence.pk], **{"value_A08.1": "6"})
    assert browser.post(form_url(today), typed).status_code == 302
    assert list(only_report().evidence.all()) == [evidence]


def test_foreign_evidence_is_no_choice(browser, valued, stranger, today):
    typed = body(act="submit", evidence=[make_evidence(stranger).pk], **{"value_A08.1": "6"})
    assert browser.post(form_url(today), typed).status_code == 422
    assert Evidence.objects.unscoped("test").count() == 1


def test_two_at_once_the_second_sees_both_and_loses_nothing(browser, client_for, valued, head, today):
    browser.post(form_url(today), body(act="save", progress="填报员写的"))
    late = client_for(head).post(form_url(today), body(0, act="save", progress="负责人写的"))
    page = late.content.decode()
    assert late.status_code == 409
    assert "保存了新内容" in page
    assert "填报员写的" in page
    assert "负责人写的" in page
    assert only_report().progress == "填报员写的"
    kept = client_for(head).post(form_url(today), body(only_report().version, act="save", progress="负责人写的"))
    assert kept.status_code == 302
    assert only_report().progress == "负责人写的"


def test_a_day_that_locks_while_one_types_answers_409_with_everything_typed(browser, gas, today):
    old = dispatch_times().calendar.add_workdays(today, -5)
    answer = browser.post(form_url(old), body(act="submit", progress="写了很久的进展"))
    assert answer.status_code == 409
    assert "写了很久的进展" in answer.content.decode()


def test_the_draft_is_kept_while_typing_and_the_version_renewed(browser, client_for, valued, head, today):
    url, htmx = form_url(today, "draft_save"), {"HTTP_HX_REQUEST": "true"}
    answer = browser.post(url, body(progress="打字中"), **htmx)
    assert answer.status_code == 200
    assert 'hx-swap-oob="true"' in answer.content.decode()
    assert only_report().progress == "打字中"
    conflict = client_for(head).post(url, body(0, progress="另一个人"), **htmx)
    assert conflict.status_code == 409
    assert conflict["HX-Retarget"] == "#alerts"
    assert browser.post(url, body(1, **{"as_of_A08.1": "昨天"}), **htmx).status_code == 422


def test_a_submitted_report_leads_from_the_form_to_its_page(browser, gas, reporter, head, office, today):
    report = report_at("submitted", gas, reporter=reporter, head=head, office=office, day=today, now=clock.now())
    assert browser.get(form_url(today)).headers["Location"] == report.get_absolute_url()


@pytest.mark.parametrize("who, status", [("assisting", 403), ("stranger", 403), ("office", 403), ("auditor", 403)])
def test_the_form_is_the_lead_departments(request, client_for, gas, today, who, status):
    client = client_for(request.getfixturevalue(who))
    assert client.get(form_url(today)).status_code == status
    assert client.post(form_url(today), body(act="save")).status_code == status


# --- one report ------------------------------------------------------------------------------------


def test_a_report_shows_content_history_and_the_acts_of_this_person(client_for, valued, reporter, head, office, today):
    value = [{"indicator": "A08.1", "value": "6", "evidence_later": True}]
    report = report_at(
        "reported",
        valued,
        reporter=reporter,
        head=head,
        office=office,
        day=today,
        now=clock.now(),
        values=value,
        difficulty="道路开挖",
        coordination="office",
    )
    page = client_for(office).get(report.get_absolute_url()).content.decode()
    for text in ("6 天", "6.5 天", "佐证待补", "道路开挖", "采纳", "退回补正", "营商办协调", "审定"):
        assert text in page
    assert reverse("indicators:report_accept", args=[report.pk]) in page
    assert (
        reverse("indicators:report_accept", args=[report.pk])
        not in client_for(reporter).get(report.get_absolute_url()).content.decode()
    )
    assert client_for(office).get(CoordinationItem.objects.unscoped("test").get().get_absolute_url()).status_code == 200


def test_a_return_without_a_reason_is_422_and_with_one_tells_the_department(
    client_for, gas, reporter, head, office, today
):
    report = report_at("reported", gas, reporter=reporter, head=head, office=office, day=today, now=clock.now())
    url = reverse("indicators:report_return", args=[report.pk])
    client = client_for(office)
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "佐证看不清"}).status_code == 302
    assert "佐证看不清" in client_for(reporter).get(HOME).content.decode()


def test_an_old_version_of_a_button_is_refused(client_for, gas, reporter, head, office, today):
    report = report_at("reported", gas, reporter=reporter, head=head, office=office, day=today, now=clock.now())
    url = reverse("indicators:report_accept", args=[report.pk])
    assert client_for(office).post(url, {"version": report.version - 1}).status_code == 409


def test_evidence_is_added_later_by_lead_and_assisting_departments(
    client_for, valued, reporter, head, office, assisting, stranger, today
):
    value = [{"indicator": "A08.1", "value": "6", "evidence_later": True}]
    report = report_at(
        "accepted", valued, reporter=reporter, head=head, office=office, day=today, now=clock.now(), values=value
    )
    url = reverse("indicators:report_evidence", args=[report.pk])
    assert client_for(reporter).get(url).status_code == 200
    assert client_for(reporter).post(url, {}).status_code == 422
    assert client_for(assisting).post(url, {"upload": uploaded(picture(), "现场.png")}).status_code == 302
    assert report.evidence.count() == 1
    assert client_for(stranger).get(url).status_code == 404


def test_only_those_who_may_add_evidence_are_offered_to(client_for, gas, reporter, head, office, leader, today):
    report = report_at("accepted", gas, reporter=reporter, head=head, office=office, day=today, now=clock.now())
    url = reverse("indicators:report_evidence", args=[report.pk])
    for person, is_offered in ((reporter, True), (head, True), (leader, False)):
        page = client_for(person).get(report.get_absolute_url()).content.decode()
        assert (person.username, url in page) == (person.username, is_offered)
        assert (client_for(person).get(url).status_code == 200) == is_offered


def test_opening_a_page_marks_the_message_that_led_there_as_read(client_for, gas, reporter, head, office, today):
    report = report_at("submitted", gas, reporter=reporter, head=head, office=office, day=today, now=clock.now())
    unread = Message.objects.visible_to(head).filter(read_at=None)
    assert unread.count() == 1
    client_for(head).get(report.get_absolute_url())
    assert unread.count() == 0
    remind_departments(today, actor=office, now=clock.now())
    message = Message.objects.visible_to(reporter).get()
    client_for(reporter).get(message.url)
    message.refresh_from_db()
    assert message.read_at is not None


def test_the_workbench_lists_what_waits_for_whom(client_for, valued, reporter, head, office, today):
    assert "填报" in client_for(reporter).get("/").content.decode()
    value = [{"indicator": "A08.1", "value": "6", "evidence_later": True}]
    report = report_at(
        "submitted", valued, reporter=reporter, head=head, office=office, day=today, now=clock.now(), values=value
    )

    def kinds(who):
        # Until ten in the morning yesterday may still be made up; that is tested with times of its own.
        return [row.kind for row in daily_to_dos(who, clock.now()) if row.kind != "补报"]

    assert kinds(head) == ["核对", "佐证", "审定"]
    assert kinds(reporter) == ["核对", "佐证"]
    services.approve_report(report, actor=head, now=clock.now())
    assert kinds(office) == ["审核"]
    assert (count_of_reviews(office, clock.now()), count_of_reports(reporter, clock.now())) == (1, 0)
