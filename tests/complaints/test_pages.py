"""The worklist, one complaint, intake, correction and the pages of a selection."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Message
from complaints.models import Complaint
from complaints.services import handling
from core import clock
from core.models import AuditEvent
from tests.complaints.acts_table import ROLES, STATES, sees
from tests.factories.complaints import NAME, PHONE, again, complaint_at, make_complaint

pytestmark = pytest.mark.django_db
LIST = "/complaints/"


def text_of(response) -> str:
    """Return the page, which must have been served."""
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("state", STATES)
def test_detail_opens_for_those_who_see_the_row(state, cast, request, client_for):
    row = complaint_at(state, cast)
    for role in ROLES:
        answer = client_for(request.getfixturevalue(role)).get(row.get_absolute_url())
        assert answer.status_code == (200 if sees(role, state) else 404), role
        if answer.status_code == 200:
            page = answer.content.decode()
            assert PHONE not in page
            assert NAME not in page
            assert "138****5678" in page


def test_detail_explains_the_due_date(cast, client_for):
    row = complaint_at("handling", cast)
    page = text_of(client_for(cast.reporter).get(row.get_absolute_url()))
    assert "为什么" in page
    assert page.count("daychain__day") >= 8
    assert "时限 5 个工作日" in page


def test_detail_asks_a_fixed_number_of_queries(cast, client_for, django_assert_max_num_queries):
    row = complaint_at("handling", cast)
    for number in range(20):
        handling.note_progress(row, note=f"进展 {number}", actor=cast.reporter, now=clock.now())
    browser = client_for(cast.reporter)
    browser.get(row.get_absolute_url())
    with django_assert_max_num_queries(40):
        browser.get(row.get_absolute_url())


@pytest.mark.parametrize("role", ["office", "reporter"])
def test_list_asks_the_same_number_of_queries_for_2_and_20_rows(role, cast, request, client_for):
    browser = client_for(request.getfixturevalue(role))
    complaint_at("handling", cast)
    complaint_at("callback", cast)
    browser.get(LIST)
    few = count_queries(browser, LIST)
    for _ in range(9):
        complaint_at("handling", cast)
        complaint_at("callback", cast)
    assert count_queries(browser, LIST) == few


def count_queries(browser, address: str) -> int:
    """Return how many queries one request costs."""
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


def test_running_clocks_come_first_the_overdue_before_all(cast, client_for):
    now = clock.now()
    fresh = make_complaint(cast.office, now=now, title="新登记")
    late = complaint_at("handling", cast, now=now - timedelta(days=30), title="超期件")
    running = complaint_at("handling", cast, now=now, title="在办件")
    page = text_of(client_for(cast.office).get(LIST))
    places = [page.index(row.number) for row in (late, running, fresh)]
    assert places == sorted(places)
    assert 'class="is-overdue"' in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"a", "b", "c"}),
        ("?view=open", {"a", "b", "c"}),
        ("?view=overdue", {"b"}),
        ("?view=to_dispatch", {"c"}),
        ("?view=to_sign", set()),
        ("?status=handling", {"a", "b"}),
        ("?department=zjj", {"a", "b"}),
        ("?department=nobody", set()),
        ("?search=报装", {"a"}),
        ("?search=13812345678", {"a", "b", "c"}),
        ("?search=13900000000", set()),
        ("?type=consult", {"c"}),
        ("?from=nonsense", {"a", "b", "c"}),
    ],
)
def test_views_and_filters(query, expected, cast, client_for):
    now = clock.now()
    rows = {
        "a": complaint_at("handling", cast, now=now, title="报装慢", content="报装慢"),
        "b": complaint_at("handling", cast, now=now - timedelta(days=40), title="路灯", content="路灯不亮"),
        "c": complaint_at("accepted", cast, now=now, title="咨询政策", content="咨询政策", type="consult"),
    }
    page = text_of(client_for(cast.office).get(f"{LIST}{query}"))
    assert {name for name, row in rows.items() if f'value="{row.number}"' in page} == expected


def test_departments_find_nobody_by_phone(cast, client_for):
    row = complaint_at("handling", cast)
    assert row.number not in text_of(client_for(cast.reporter).get(f"{LIST}?search={PHONE}"))


def test_export_is_masked_and_holds_what_the_page_lists(cast, stranger, client_for):
    row = complaint_at("handling", cast)
    answer = client_for(cast.office).get("/complaints/export/?view=open")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    cells = [str(cell.value) for line in sheet.iter_rows() for cell in line]
    assert row.number in cells
    assert "138****5678" in cells
    assert PHONE not in " ".join(cells)
    assert NAME not in " ".join(cells)
    empty = client_for(stranger).get("/complaints/export/")
    assert load_workbook(BytesIO(b"".join(empty.streaming_content))).active.max_row == 1


def test_bulk_reminder_names_the_units_before_it_sends(cast, client_for):
    row, untouched = complaint_at("handling", cast), complaint_at("received", cast)
    browser = client_for(cast.office)
    chosen = {"complaints": [row.number, untouched.number]}
    page = text_of(browser.post("/complaints/remind/", chosen))
    assert "向县住建局发催办？" in page
    reminders = Message.objects.visible_to(cast.reporter).filter(kind="complaint.reminded")
    assert not reminders.exists()
    answer = browser.post("/complaints/remind/", chosen | {"confirmed": "1"}, follow=True)
    assert "已催办 1 件" in answer.content.decode()
    assert untouched.number in answer.content.decode()
    assert reminders.count() == 1


def test_bulk_reminder_without_a_choice_says_so(cast, client_for):
    assert client_for(cast.office).post("/complaints/remind/", {}).status_code == 400


def test_bulk_irrelevance(cast, client_for):
    row, closed = complaint_at("handling", cast), complaint_at("closed", cast)
    browser = client_for(cast.office)
    answer = browser.post(
        "/complaints/irrelevant/", {"complaints": [row.number, closed.number], "confirmed": "1"}, follow=True
    )
    assert "已判为不涉营商 1 件" in answer.content.decode()
    assert again(row, cast.office).relevance == "no"
    assert again(closed, cast.office).relevance == "unknown"


# --- Intake ---------------------------------------------------------------------------------------


def test_registering_needs_type_and_content_only(cast, client_for):
    answer = client_for(cast.office).post(
        "/complaints/new/",
        {
            "type": "complaint",
            "content": "门口开挖三个月没有恢复",
            "urgency": "normal",
            "regime": "hotline",
            "channel": "phone",
        },
    )
    assert answer.status_code == 302
    row = Complaint.objects.visible_to(cast.office).get()
    assert answer["Location"] == row.get_absolute_url()
    assert (row.status, row.title) == ("received", "门口开挖三个月没有恢复")


def test_wrong_intake_is_said_at_the_field_and_everything_typed_is_kept(cast, client_for):
    answer = client_for(cast.office).post(
        "/complaints/new/",
        {
            "type": "complaint",
            "content": "",
            "caller_phone": "12",
            "urgency": "normal",
            "regime": "hotline",
            "channel": "phone",
            "place": "工业大道",
        },
    )
    assert answer.status_code == 422
    assert "请填写诉求内容" in answer.content.decode()
    assert "工业大道" in answer.content.decode()


def test_attachment_comes_with_the_intake_and_can_be_fetched(cast, stranger, client_for):
    file = SimpleUploadedFile("现场.txt", "门口积水".encode(), "text/plain")
    client_for(cast.office).post(
        "/complaints/new/",
        {
            "type": "help",
            "content": "门口积水无人管",
            "urgency": "normal",
            "regime": "hotline",
            "channel": "phone",
            "attachments": file,
        },
    )
    row = Complaint.objects.visible_to(cast.office).get()
    kept = row.files.get()
    address = reverse("complaint-file", args=[row.number, kept.pk])
    assert b"".join(client_for(cast.office).get(address).streaming_content) == "门口积水".encode()
    assert client_for(stranger).get(address).status_code == 404


def test_same_phone_and_similar_text_are_shown_before_registering(cast, client_for):
    row = make_complaint(cast.office, now=clock.now() - timedelta(days=10))
    make_complaint(cast.office, now=clock.now() - timedelta(days=100), content="另一件早已过去的事情", title="旧件")
    browser = client_for(cast.office)
    by_phone = text_of(
        browser.post("/complaints/new/hints/", {"content": "完全不同的事", "caller_phone": "138-1234-5678"})
    )
    assert row.number in by_phone
    assert "同一来电号码" in by_phone
    by_text = text_of(browser.post("/complaints/new/hints/", {"content": "燃气报装超过了承诺的时限，希望给个日子"}))
    assert row.number in by_text
    assert "旧件" not in by_phone + by_text
    page = text_of(
        browser.post("/complaints/new/", {"check": "1", "content": "燃气报装超过承诺时限", "place": "工业大道"})
    )
    assert row.number in page
    assert "工业大道" in page


def test_page_of_a_complaint_names_others_of_the_same_caller(cast, leader, client_for):
    now = clock.now()
    first = make_complaint(cast.office, now=now, content="路灯不亮已经一周")
    second = make_complaint(cast.office, now=now, content="企业社保转移手续办不下来")
    page = text_of(client_for(cast.office).get(second.get_absolute_url()))
    assert first.number in page
    assert "同一来电号码" in page
    assert first.number not in text_of(client_for(leader).get(second.get_absolute_url()))


def test_department_is_suggested_by_topic_and_past_cases(cast, department, client_for):
    complaint_at("closed", cast, now=clock.now() - timedelta(days=60), content="小区门口积水三个月无人清理")
    browser = client_for(cast.office)
    page = text_of(browser.post("/complaints/new/hints/", {"content": "小区门口积水三个月没有人清理"}))
    assert "近一年相似工单 1 件由其办理" in page
    assert "县住建局" in page
    assert "事项清单：施工许可" in text_of(browser.post("/complaints/new/hints/", {"content": "施工许可办得太慢"}))


def test_correction_recomputes_the_due_date_and_says_so(cast, client_for):
    row = complaint_at("handling", cast, type="consult")
    before = row.due_at
    form = {"type": "report", "urgency": "normal", "title": row.title, "relevance": "unknown", "version": row.version}
    assert client_for(cast.office).post(f"{row.get_absolute_url()}correct/", form).status_code == 302
    row = again(row, cast.office_lead)
    assert row.due_at > before
    assert row.events.filter(kind="correct").get().text.endswith("办理时限随之重新计算")
    assert row.caller_phone_masked == "138****5678"


def test_correction_is_the_offices_and_ends_with_the_complaint(cast, client_for):
    row, closed = complaint_at("handling", cast), complaint_at("closed", cast)
    assert client_for(cast.reporter).get(f"{row.get_absolute_url()}correct/").status_code == 403
    assert client_for(cast.office).get(f"{closed.get_absolute_url()}correct/").status_code == 409


# --- Identity -------------------------------------------------------------------------------------


def test_reveal_shows_once_and_is_audited(cast, client_for):
    row = complaint_at("handling", cast)
    browser, address = client_for(cast.office_lead), f"{row.get_absolute_url()}reveal/"
    assert PHONE not in text_of(browser.get(address))
    assert browser.post(address, {"purpose": ""}).status_code == 422
    shown = browser.post(address, {"purpose": "核实情况"})
    assert PHONE in shown.content.decode()
    assert NAME in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    event = AuditEvent.objects.filter(action="complaints.complaint.reveal").get()
    assert event.purpose == "核实情况"
    assert PHONE not in str(event.before) + str(event.after) + event.target_label
    assert client_for(cast.office).get(address).status_code == 403
    assert client_for(cast.reporter).get(address).status_code == 403
