"""The page of one issue: what stands on it, for whom, at what cost; the route of its files."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Message
from core.models import AuditEvent
from indicators.models import Evidence
from supervision.models import Inspection, SimilarCase
from supervision.services import clearance, handling, verification, writing
from supervision.services.evidence import add_evidence, keep_files, upload_issue_evidence, withdraw_evidence
from supervision.services.orders import supervise_issue
from tests.factories.files import photo, picture, uploaded
from tests.factories.issues import DUE_ON, FOUND, again, give, issue_at, make_piece
from tests.supervision.acts_table import PLACES, ROLES, sees

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


def page_of(row, person, client_for) -> str:
    answer = client_for(person).get(row.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def fetch(browser, address: str):
    """Return the answer with whatever file it holds closed again."""
    answer = browser.get(address)
    answer.close()
    return answer


def upload(row, person, *names: str, phase: str = "after"):
    """Let ``person`` hand in photos, each another one."""
    files = [uploaded(photo(size=(400 + len(name), 300)), name) for name in names]
    return upload_issue_evidence(row, files=files, phase=phase, actor=person, now=FOUND)


def upload_piece(person, name: str):
    """Return a photo that ``person`` keeps for a signature."""
    return keep_files([uploaded(photo(), name)], actor=person, now=FOUND)[0]


@pytest.mark.parametrize("place", PLACES)
def test_page_opens_for_those_who_see_the_row(place, cast, helper_department, request, client_for):
    row = issue_at(place, cast, assisting=[helper_department])
    for role in ROLES:
        answer = client_for(request.getfixturevalue(role)).get(row.get_absolute_url())
        assert answer.status_code == (200 if sees(role, place) else 404), role


def test_photos_of_before_and_after_stand_side_by_side_with_their_capture_time(cast, client_for):
    row = issue_at("rectifying", cast)
    upload(row, cast.inspector, "前.jpg", phase="before")
    upload(again(row, cast.reporter), cast.reporter, "后.jpg")
    page = page_of(row, cast.reporter, client_for)
    assert page.count('<img class="photo__img"') == 2
    assert page.index("整改前：前") < page.index("整改后：后")
    assert page.count("11月20日 09:30 拍摄") == 2


def test_other_files_are_listed_with_their_size(cast, client_for):
    row = issue_at("rectifying", cast)
    files = [uploaded(picture(), "截图.png"), uploaded(("核对表" * 400).encode(), "核对表.txt")]
    upload_issue_evidence(row, files=files, phase="after", actor=cast.reporter, now=FOUND)
    page = page_of(row, cast.inspector, client_for)
    assert "photo__img" not in page
    assert "核对表.txt" in page
    assert "3.5\xa0KB" in page


def test_a_withdrawn_piece_leaves_the_page_and_its_address(cast, client_for):
    row = issue_at("rectifying", cast)
    item = upload(row, cast.reporter, "错.jpg")[0]
    address = reverse("supervision:issue_evidence", args=[row.number, item.pk])
    browser = client_for(cast.reporter)
    assert fetch(browser, address).status_code == 200
    withdraw_evidence(item, reason="传错", actor=cast.reporter, now=FOUND)
    assert browser.get(address).status_code == 404
    assert address not in browser.get(row.get_absolute_url()).content.decode()


def test_same_file_again_is_said(cast, client_for):
    row = issue_at("cleared", cast)
    verification.relapse_issue(row, reason="又贴出旧价目", actor=cast.inspector, now=FOUND)
    row = again(row, cast.reporter)
    upload(row, cast.reporter, "后.jpg")
    upload(again(row, cast.reporter), cast.head, "后后.jpg")
    first = upload_issue_evidence(
        again(row, cast.head),
        files=[uploaded(photo(size=(405, 300)), "又.jpg")],
        phase="after",
        actor=cast.head,
        now=FOUND,
    )
    assert first
    assert "与第 2 轮整改后的材料相同" in page_of(row, cast.inspector, client_for)


def test_old_rounds_keep_their_evidence_and_say_how_they_ended(cast, client_for):
    row = issue_at("rectifying", cast)
    upload(row, cast.reporter, "第一轮.jpg")
    clearance.request_clearance(again(row, cast.head), actor=cast.head, now=FOUND)
    verification.verify_pass(again(row, cast.inspector), actor=cast.inspector, now=FOUND)
    verification.verify_pass(again(row, cast.office_lead), actor=cast.office_lead, now=FOUND)
    verification.relapse_issue(again(row, cast.inspector), reason="又贴出旧价目", actor=cast.inspector, now=FOUND)
    page = page_of(row, cast.reporter, client_for)
    assert page.index("第 2 轮　") < page.index("第 1 轮　")
    assert "按期整改" in page
    assert "又贴出旧价目" in page
    assert page.index("第 1 轮　") < page.index("第一轮.jpg")
    assert "还没有整改前后的材料" in page


def test_failed_verification_shows_its_reason_in_the_round(cast, client_for):
    row = issue_at("verifying", cast)
    verification.verify_fail(row, reason="只改一处，未举一反三", actor=cast.inspector, now=FOUND)
    page = page_of(row, cast.reporter, client_for)
    assert "不通过原因：只改一处，未举一反三" in page
    assert "双人验收" not in page


def test_what_a_verifier_saw_stands_with_the_round_once_the_request_is_over(cast, client_for):
    row = issue_at("verifying", cast)
    verification.verify_pass(row, note="看过照片", actor=cast.inspector, now=FOUND)
    piece = upload_piece(cast.office_lead, "核查.jpg")
    row = again(row, cast.office_lead)
    verification.verify_fail(row, reason="现场仍未公示", evidence=[piece], actor=cast.office_lead, now=FOUND)
    page = page_of(row, cast.reporter, client_for)
    assert "核查.jpg" in page
    assert f"{cast.inspector.name} 同意：看过照片" in page
    assert f"{cast.office_lead.name} 不通过" in page
    clearance.request_clearance(again(row, cast.head), actor=cast.head, now=FOUND)
    verification.verify_pass(again(row, cast.inspector), actor=cast.inspector, now=FOUND)
    assert page_of(row, cast.reporter, client_for).count("核查.jpg") == 1


def test_papers_of_the_first_round_are_offered_in_the_second(cast, client_for):
    row = issue_at("cleared", cast)
    verification.relapse_issue(row, reason="又贴出旧价目", actor=cast.inspector, now=FOUND)
    supervise_issue(again(row, cast.inspector), requirement="限期", due_on=DUE_ON, actor=cast.inspector, now=FOUND)
    page, browser = page_of(row, cast.reporter, client_for), client_for(cast.reporter)
    for kind in ("assignment", "notice", "clearance", "supervision"):
        address = f"/issues/{row.number}/form/?kind={kind}"
        assert f'href="{address}"' in page, kind
        assert browser.get(address).status_code == 200, kind


def test_papers_of_a_round_taken_back_are_not_offered(cast, client_for):
    row = issue_at("assigned", cast)
    writing.withdraw_issue(row, reason="交办有误", actor=cast.inspector, now=FOUND)
    assert "/form/?kind=" not in page_of(row, cast.inspector, client_for)


def test_two_names_are_asked_and_who_may_not_is_said(cast, client_for):
    row = issue_at("verified_once", cast)
    page = page_of(row, cast.office_lead, client_for)
    assert "验收人一" in page
    assert "未验收" in page
    assert f"不能是{cast.department}的人员，也不能是本轮上传整改后佐证的人（{cast.reporter.name}" in page
    assert "验收时限 11月26日 周四，还剩 3 个工作日" in page
    assert 'name="note"' in page
    own = page_of(row, cast.inspector, client_for)
    assert "您已验收，另一名验收人同意后才能销号" in own
    assert 'name="note"' not in own


def test_verifier_of_the_department_is_told_why(cast, client_for):
    row = issue_at("verifying", cast)
    cast.inspector.department = cast.department
    cast.inspector.save()
    page = page_of(row, cast.inspector, client_for)
    assert "您是牵头或配合单位的人员，不能验收" in page
    assert "同意销号" not in page


@pytest.mark.parametrize(
    ("place", "days", "word"),
    [
        ("rectifying", 0, "还剩 5 个工作日"),
        ("rectifying", 7, "今日到期"),
        ("rectifying", 9, "已超 2 个工作日"),
        ("verifying", 9, "单位时限暂停"),
        ("cleared", 9, "按期整改"),
    ],
)
def test_time_is_said_in_words(place, days, word, cast, client_for, monkeypatch):
    row = issue_at(place, cast)
    monkeypatch.setattr("core.clock.now", lambda: FOUND + timedelta(days=days))
    assert word in page_of(row, cast.reporter, client_for)


def test_first_act_is_the_most_likely_one(cast, client_for):
    row = issue_at("rectifying", cast)
    assert first_act(page_of(row, cast.reporter, client_for)) == "上传佐证"
    give(row, cast.reporter)
    assert first_act(page_of(row, cast.reporter, client_for)) == "申请销号"


def first_act(page: str) -> str:
    """Return the word of the primary button."""
    return page.partition('id="acts-title"')[2].partition("btn-primary")[2].partition(">")[2].partition("<")[0]


def test_inspection_is_named_only_to_those_who_read_inspections(cast, client_for):
    visit = Inspection.objects.create(
        title="政务大厅暗访", kind="covert", started_on=FOUND.date(), created_by=cast.inspector, created_at=FOUND
    )
    row = issue_at("assigned", cast, inspection=visit, source="covert")
    assert "政务大厅暗访" in page_of(row, cast.office, client_for)
    assert "政务大厅暗访" not in page_of(row, cast.reporter, client_for)


def test_similar_cases_and_orders_stand_on_the_page(cast, client_for):
    row = issue_at("rectifying", cast)
    SimilarCase.objects.create(
        issue=row,
        number="WT-2026-0076",
        title="收费标准未公示",
        url="/issues/WT-2026-0076/",
        ended_on=FOUND.date(),
        likeness=90,
    )
    supervise_issue(row, requirement="限期改到位", due_on=FOUND.date(), actor=cast.office_lead, now=FOUND)
    page = page_of(row, cast.reporter, client_for)
    assert 'href="/issues/WT-2026-0076/"' in page
    assert "西营商督〔2026〕1号" in page


def test_opening_the_page_reads_its_messages(cast, client_for):
    row = issue_at("assigned", cast)
    unread = Message.objects.visible_to(cast.reporter).filter(read_at=None)
    assert unread.exists()
    page_of(row, cast.reporter, client_for)
    assert not unread.exists()


def test_page_costs_the_same_for_2_and_20_of_everything(cast, client_for):
    row = issue_at("rectifying", cast)
    browser = client_for(cast.reporter)
    fill(row, cast, 2)
    browser.get(row.get_absolute_url())
    few = count_queries(browser, row)
    fill(row, cast, 18)
    assert count_queries(browser, row) == few <= 45


def fill(row, cast, amount: int) -> None:
    for number in range(amount):
        row = again(row, cast.reporter)
        handling.note_progress(row, note=f"进展 {number}", actor=cast.reporter, now=FOUND)
        pieces = [make_piece(cast.reporter, title=f"{number}")]
        add_evidence(row, evidence=pieces, phase="after", actor=cast.reporter, now=FOUND)
        upload(row, cast.inspector, f"{'前' * (number % 9 + 1)}.jpg", phase="before")


def count_queries(browser, row) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(row.get_absolute_url()).status_code == 200
    return len(queries)


# --- files ---------------------------------------------------------------------------------------------


def test_only_photos_drawn_anew_are_shown_in_place(cast, client_for):
    row = issue_at("rectifying", cast)
    shot = upload(row, cast.inspector, "前.jpg", phase="before")[0]
    files = [uploaded(picture(), "截图.png")]
    drawing = upload_issue_evidence(
        again(row, cast.reporter), files=files, phase="after", actor=cast.reporter, now=FOUND
    )[0]
    browser = client_for(cast.reporter)
    for item, kind in ((shot, "inline"), (drawing, "attachment")):
        answer = fetch(browser, reverse("supervision:issue_evidence", args=[row.number, item.pk]))
        assert answer["Content-Disposition"].startswith(kind)
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_files_are_for_those_who_see_the_issue_and_only_under_its_own_number(cast, client_for, stranger):
    row, other = issue_at("rectifying", cast), issue_at("rectifying", cast)
    item = upload(row, cast.inspector, "前.jpg", phase="before")[0]
    address = reverse("supervision:issue_evidence", args=[row.number, item.pk])
    assert fetch(client_for(cast.reporter), address).status_code == 200
    assert client_for(stranger).get(address).status_code == 404
    elsewhere = reverse("supervision:issue_evidence", args=[other.number, item.pk])
    assert client_for(cast.reporter).get(elsewhere).status_code == 404


def test_a_link_has_no_bytes(cast, client_for):
    row = issue_at("rectifying", cast)
    item = give(row, cast.reporter)
    address = reverse("supervision:issue_evidence", args=[row.number, item.pk])
    assert client_for(cast.reporter).get(address).status_code == 404


# --- withdrawal ------------------------------------------------------------------------------------------


def test_uploader_withdraws_on_the_page_with_a_reason(cast, client_for):
    row = issue_at("rectifying", cast)
    item = upload(row, cast.reporter, "错.jpg")[0]
    address = reverse("supervision:issue_evidence_withdraw", args=[row.number, item.pk])
    browser = client_for(cast.reporter)
    assert address in browser.get(row.get_absolute_url()).content.decode()
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"reason": ""}).status_code == 422
    assert browser.post(address, {"reason": "传错照片"}).status_code == 302
    assert AuditEvent.objects.filter(action="supervision.issue.withdraw_evidence").count() == 1


def test_withdrawal_is_403_for_others_and_409_once_clearance_is_asked(cast, client_for, stranger):
    row = issue_at("rectifying", cast)
    item = upload(row, cast.reporter, "错.jpg")[0]
    address = reverse("supervision:issue_evidence_withdraw", args=[row.number, item.pk])
    assert client_for(stranger).get(address).status_code == 404
    assert client_for(cast.head).get(address).status_code == 403
    clearance.request_clearance(again(row, cast.reporter), actor=cast.reporter, now=FOUND)
    assert client_for(cast.reporter).post(address, {"reason": "传错"}).status_code == 409


# --- uploading on the page ---------------------------------------------------------------------------------


def test_page_takes_photos_of_the_camera_and_chosen_ones_and_says_duplicates(cast, client_for):
    row = issue_at("rectifying", cast)
    address = reverse("supervision:issue_act", args=[row.number, "add_evidence"])
    data = photo()
    body = {"camera": uploaded(data, "拍照.jpg"), "files": [uploaded(data, "相册.jpg"), uploaded(b"a,b", "表.csv")]}
    answer = client_for(cast.reporter).post(address, body, follow=True)
    assert answer.status_code == 200
    assert row.evidence.filter(phase="after").count() == 3
    assert "“相册”与已有佐证“拍照”是同一个文件" in answer.content.decode()


def test_page_offers_earlier_evidence_of_the_department_only(cast, client_for):
    row = issue_at("rectifying", cast)
    own, foreign = make_piece(cast.head, title="上月核对表"), make_piece(cast.office, title="营商办材料")
    address = reverse("supervision:issue_act", args=[row.number, "add_evidence"])
    browser = client_for(cast.reporter)
    page = browser.get(address).content.decode()
    assert "上月核对表" in page
    assert "营商办材料" not in page
    assert browser.post(address, {"evidence": [foreign.pk]}).status_code == 422
    assert browser.post(address, {"evidence": [own.pk]}).status_code == 302
    assert row.evidence.get(phase="after").evidence == own
    assert "上月核对表" not in browser.get(address).content.decode()


def test_nothing_chosen_and_a_wrong_file_are_said_at_the_field(cast, client_for):
    row = issue_at("rectifying", cast)
    address = reverse("supervision:issue_act", args=[row.number, "add_evidence"])
    browser = client_for(cast.reporter)
    assert "请拍照或选择文件" in browser.post(address, {}).content.decode()
    answer = browser.post(address, {"files": uploaded(b"MZ\x90\x00" + b"\x00" * 60, "说明.pdf")})
    assert answer.status_code == 422
    assert "“说明.pdf”未接收" in answer.content.decode()
    assert not Evidence.objects.unscoped("test").exists()
