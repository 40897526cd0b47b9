"""One paper on its page: who sees and does what, words, numbers and their sources, receipts, files (domain §8, ui.md §13)."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.confirmation import FIELD
from accounts.services.sessions import STARTED
from bulletins.models import Bulletin
from bulletins.services import drafting, editing, review
from core import clock
from core.dates import parse_period
from core.documents.fonts import FontMissing
from tests.bulletins.acts_table import ACTS, ROLES, STATES
from tests.bulletins.conftest import MONDAY, draft_notice, issue_notice
from tests.bulletins.pages import address, move, text_of
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


def paper_at(state: str, people) -> Bulletin:
    """Return the week's 通报 walked to ``state``."""
    if state in {"issued", "voided"}:
        bulletin = issue_notice(people)
        return (
            bulletin
            if state == "issued"
            else review.void_bulletin(bulletin, reason="误发", actor=people.signer, now=MONDAY)
        )
    bulletin = draft_notice(people)
    if state in {"review", "signing"}:
        review.submit_bulletin(bulletin, actor=people.office, now=MONDAY)
    if state == "signing":
        review.approve_bulletin(bulletin, actor=people.office_lead, now=MONDAY)
    return bulletin


# --- Who ---


def test_numbers_lead_only_where_the_reader_may_go(week, stranger, client_for):
    bulletin = issue_notice(week)
    named = bulletin.snapshot["tables"]["named"]
    assert named
    for reader, sees_named, sees_board in (
        (week.office, True, True),
        (week.reporter, True, False),
        (stranger, False, False),
    ):
        browser = client_for(reader)
        page = text_of(browser.get(address(bulletin)))
        for link in sorted(set(re.findall(r'href="(/(?:dispatch|issues|complaints|indicators)/[^"]*)"', page))):
            assert (reader.username, link, browser.get(unescape(link)).status_code) == (reader.username, link, 200)
        assert (f'href="{named[0]["url"]}"' in page) == sees_named
        assert ('href="/dispatch/completeness/' in page) == sees_board


@pytest.mark.parametrize("state", STATES)
def test_act_pages_refuse_in_the_order_of_the_contract(state, people, sysadmin, leader, request, client_for):
    bulletin = paper_at(state, people)
    for act in ACTS:
        for role in ROLES:
            answer = client_for(request.getfixturevalue(role)).get(address(bulletin, f"{act.name}/"))
            # A page tells who reads no bulletins what it tells everybody who does not see the row.
            expected = 404 if role == "sysadmin" else act.expected(role, state)
            assert answer.status_code == expected, (act.name, role)


@pytest.mark.parametrize(
    ("act", "state", "role", "sent", "after"),
    [
        ("submit", "draft", "office", {}, "review"),
        ("approve", "review", "office_lead", {}, "signing"),
        ("sign", "signing", "signer", {}, "issued"),
        ("send_back", "signing", "signer", {"reason": "数字有误"}, "draft"),
        ("void", "issued", "signer", {"reason": "误发"}, "voided"),
    ],
)
def test_buttons_move_the_paper(act, state, role, sent, after, people, request, client_for):
    bulletin = paper_at(state, people)
    browser = client_for(request.getfixturevalue(role))
    answer = browser.post(address(bulletin, f"{act}/"), sent | {"version": bulletin.version})
    assert answer.status_code == 302
    bulletin.refresh_from_db()
    assert bulletin.status == after


def test_unknown_act_and_old_version_are_refused(people, client_for):
    bulletin = draft_notice(people)
    browser = client_for(people.office)
    assert browser.get(address(bulletin, "shred/")).status_code == 404
    assert browser.post(address(bulletin, "submit/"), {"version": bulletin.version + 1}).status_code == 409
    bulletin.refresh_from_db()
    assert bulletin.status == "draft"


def test_departments_find_a_paper_only_once_it_is_out(people, client_for):
    bulletin = draft_notice(people)
    browser = client_for(people.reporter)
    for part in ("", "edit/", "compare/", "document/", "scan/"):
        assert browser.get(address(bulletin, part)).status_code == 404, part


def test_next_step_is_the_one_primary_button(people, client_for):
    bulletin = paper_at("signing", people)
    page = text_of(client_for(people.signer).get(address(bulletin)))
    head = page[page.index('class="page-head"') : page.index('class="bulletin"')]
    assert re.findall(r'btn-primary"[^>]*>([^<]+)<', head) == ["签发并印发"]
    assert "退回修改" in head


# --- Acts ---


def test_signing_names_number_and_units_before_it_is_done(people, other_department, client_for):
    bulletin = paper_at("signing", people)
    page = text_of(client_for(people.signer).get(address(bulletin, "sign/")))
    assert "西营商〔2026〕1号" in page
    assert "通知 2 个单位签收" in page
    assert not Bulletin.objects.unscoped("test").exclude(document_number="").exists()


@pytest.mark.parametrize(("act", "state"), [("sign", "signing"), ("void", "issued")])
def test_signature_on_a_trusted_device_asks_for_the_password(act, state, people, client_for, api_for, monkeypatch):
    """A deputy may stand on a device of their own department and sign in the signer's name."""
    bulletin = paper_at(state, people)
    monkeypatch.setattr("accounts.confirmation.stands_on_device", lambda session: True)
    refused = api_for(people.signer).post(f"/api/v1/bulletins/{bulletin.number}/{act}/", {"reason": "误发"})
    assert (refused.status_code, refused.data["code"]) == (403, "password_confirmation_required")
    browser, sent = client_for(people.signer), {"reason": "误发", "version": bulletin.version}
    session = browser.session
    session[STARTED] = (MONDAY - timedelta(minutes=20)).isoformat()
    session.save()
    assert browser.post(address(bulletin, f"{act}/"), sent).status_code == 403
    assert browser.post(address(bulletin, f"{act}/"), sent | {FIELD: PASSWORD}).status_code == 302
    bulletin.refresh_from_db()
    assert bulletin.status == {"sign": "issued", "void": "voided"}[act]


def test_sending_back_asks_the_reason_and_shows_it(people, client_for):
    bulletin = paper_at("review", people)
    browser = client_for(people.office_lead)
    assert "请写明理由" in text_of(browser.post(address(bulletin, "send_back/"), {"reason": " "}), 422)
    browser.post(address(bulletin, "send_back/"), {"reason": "第四段与统计不符"})
    assert "第四段与统计不符" in text_of(browser.get(address(bulletin)))


def test_personal_data_is_said_where_it_bars_the_act(people, client_for):
    bulletin = draft_notice(people)
    editing.edit_sections(bulletin, {"next_steps": "请联系 13800001234。"}, actor=people.office, now=MONDAY)
    review.submit_bulletin(bulletin, actor=people.office, now=MONDAY)
    browser = client_for(people.office_lead)
    assert "删去之前不能审核" in text_of(browser.get(address(bulletin)))
    page = text_of(browser.post(address(bulletin, "approve/"), {"version": bulletin.version}), 409)
    assert "手机号" in page
    assert "13800001234" not in page


def test_correction_and_original_name_each_other(people, client_for):
    bulletin = issue_notice(people)
    browser = client_for(people.office_lead)
    answer = browser.post(address(bulletin, "correct/"), {"reason": "按期办结数有误"})
    assert answer["Location"] == "/bulletins/notice-2026W47-2/"
    correction = text_of(browser.get(answer["Location"]))
    assert "西营商〔2026〕1号" in correction
    assert "按期办结数有误" in correction
    assert answer["Location"] in text_of(browser.get(address(bulletin)))
    again = text_of(browser.post(address(bulletin, "correct/"), {"reason": "再改"}), 409)
    assert "已有一份更正稿" in again
    assert "再改" in again
    # Units do not learn of a correction before it is out.
    assert "notice-2026W47-2" not in text_of(client_for(people.reporter).get(address(bulletin)))


def test_voided_paper_says_why_to_everybody(people, client_for):
    bulletin = paper_at("voided", people)
    assert "误发" in text_of(client_for(people.reporter).get(address(bulletin)))


# --- The paper ---


def test_numbers_of_a_draft_lead_to_their_source_and_back(week, client_for):
    page = text_of(client_for(week.office).get(address(draft_notice(week))))
    bound = set(re.findall(r'class="bound[^"]*"(?: id="[^"]*")? href="#source-([^"]+)"', page))
    assert {"complaints.received", "reports.expected"} <= bound
    for name in bound:
        assert f'id="source-{name}"' in page
        assert f'href="#number-{name}"' in page
        assert page.count(f'id="number-{name}"') == 1


def test_issued_paper_has_neither_tints_nor_form(week, client_for):
    page = text_of(client_for(week.office).get(address(issue_notice(week))))
    assert 'class="bound' not in page
    assert 'name="overview"' not in page
    assert "数据已变" not in page
    assert 'class="paper__num"' in page
    assert "西营商〔2026〕1号" in page
    assert page.count("sha256") == 4


def test_issued_paper_is_shown_from_what_was_frozen(week, client_for):
    bulletin = issue_notice(week)
    move(bulletin, **{"complaints.received": "4711"})
    page = text_of(client_for(week.reporter).get(address(bulletin)))
    assert ">4711</a>" in page
    assert "数据已变" not in page


def test_words_typed_never_become_markup(people, client_for):
    bulletin = draft_notice(people)
    editing.edit_sections(bulletin, {"next_steps": "<b>抓紧</b>"}, actor=people.office, now=MONDAY)
    page = text_of(client_for(people.office).get(address(bulletin)))
    assert "<p>&lt;b&gt;抓紧&lt;/b&gt;</p>" in page


@pytest.mark.parametrize("kind", ["brief", "daily_brief", "monthly_complaints", "yearly_report"])
def test_every_kind_has_its_page(kind, week, client_for):
    browser = client_for(week.office)
    period = {"brief": "2026W47", "daily_brief": "20261123", "monthly_complaints": "202610", "yearly_report": "2025"}[
        kind
    ]
    answer = browser.post("/bulletins/new/", {"kind": kind, "period": period})
    assert answer.status_code == 302, answer.content.decode()
    page = text_of(browser.get(answer["Location"]))
    assert ("营商环境工作简报" in page) == (kind == "brief")
    assert ("图片（转发用）" in page) == (kind == "daily_brief")


# --- Receipts, scan, files ---


def test_receipts_stand_in_official_order_and_only_before_those_who_see_drafts(people, other_department, client_for):
    bulletin = issue_notice(people)
    review.acknowledge_bulletin(bulletin, actor=people.head, now=MONDAY)
    page = text_of(client_for(people.office).get(address(bulletin)))
    assert "1 / 2 个单位" in page
    assert page.index("未签收") < page.index("县财政局") < page.index("已签收") < page.index("县住建局")
    own = text_of(client_for(people.reporter).get(address(bulletin)))
    assert "本单位已签收" in own
    assert "县财政局" not in own


def test_scan_is_attached_once_and_only_as_pdf(people, client_for):
    bulletin = issue_notice(people)
    browser = client_for(people.office)
    assert client_for(people.reporter).get(address(bulletin, "scan/")).status_code == 404
    assert "请选择 PDF 文件" in text_of(browser.post(address(bulletin, "scan/"), {}), 422)
    text = SimpleUploadedFile("a.txt", b"seen", "text/plain")
    assert "应为 PDF 文件" in text_of(browser.post(address(bulletin, "scan/"), {"file": text}), 422)
    scan = SimpleUploadedFile("盖章件.pdf", PDF, "application/pdf")
    assert browser.post(address(bulletin, "scan/"), {"file": scan}).status_code == 302
    answer = client_for(people.reporter).get(address(bulletin, "scan/"))
    assert b"".join(answer.streaming_content) == PDF
    again = SimpleUploadedFile("另一件.pdf", PDF, "application/pdf")
    assert "不能更换" in text_of(browser.post(address(bulletin, "scan/"), {"file": again}), 409)


def test_downloads_of_the_page(people, leader, client_for):
    bulletin = draft_notice(people)
    browser = client_for(leader)
    for format_ in ("docx", "xlsx", "html", "signing_sheet"):
        answer = browser.get(address(bulletin, f"document/?format={format_}"))
        assert answer.status_code == 200
        assert "attachment" in answer["Content-Disposition"]


def test_picture_of_the_daily_brief_or_why_there_is_none(people, client_for, monkeypatch):
    browser = client_for(people.office)
    brief = browser.post("/bulletins/new/", {"kind": "daily_brief", "period": "20261123"})["Location"]
    assert browser.get(address(draft_notice(people), "picture/")).status_code == 404

    def no_font(document):
        raise FontMissing

    monkeypatch.setattr("bulletins.views.bulletin.picture_of", no_font)
    page = text_of(browser.get(f"{brief}picture/", follow=True))
    assert "没有中文字体" in page
    monkeypatch.setattr("bulletins.views.bulletin.picture_of", lambda document: b"\x89PNG")
    answer = browser.get(f"{brief}picture/")
    assert (answer.content, answer["Content-Type"]) == (b"\x89PNG", "image/png")


def test_brief_of_more_than_a_page_is_said(people, client_for):
    browser = client_for(people.office)
    brief = browser.post("/bulletins/new/", {"kind": "daily_brief", "period": "20261123"})["Location"]
    assert "快报超过一页" not in text_of(browser.get(brief))
    row = Bulletin.objects.unscoped("test").get()
    editing.edit_sections(row, {row.sections.first().key: "字" * 700}, actor=people.office, now=MONDAY)
    assert "快报超过一页" in text_of(browser.get(brief))


def test_page_asks_a_fixed_number_of_queries(people, client_for, django_assert_max_num_queries):
    bulletin = issue_notice(people)
    browser = client_for(people.office)
    browser.get(address(bulletin))
    with django_assert_max_num_queries(45):
        browser.get(address(bulletin))


@pytest.mark.parametrize(
    ("kind", "period", "name"),
    [
        ("monthly_complaints", "202610", "2026年10月月报"),
        ("yearly_report", "2026", "2026年年报"),
        ("daily_brief", "20261118", "11月18日快报"),
    ],
)
def test_draft_is_called_by_its_period(people, client_for, kind, period, name):
    bulletin, _ = drafting.draft_bulletin(kind, parse_period(period), actor=people.office, now=MONDAY)
    assert f'page-head__title">{name}</h1>' in text_of(client_for(people.office).get(address(bulletin)))
