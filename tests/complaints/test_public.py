"""The public pages: number and code once, constant answers, limits by address, nothing internal, one answer a reply."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from complaints.models import CallBack, Complaint, ComplaintFile
from complaints.services import extensions, handling, office, review
from core import clock
from tests.factories import files
from tests.factories.complaints import RESULT, again

pytestmark = pytest.mark.django_db

FORM = "/public/complaints/new/"
PROGRESS = "/public/complaints/progress/"
TYPED = {
    "content": "办理施工许可时被要求提交目录外材料，来回跑了三趟",
    "caller_name": "李某",
    "caller_phone": "19900000001",
    "consent": "on",
}
SECRET = "内部核查：经办人张某某说法不一"


def submit(client: Client, **changes) -> tuple[Complaint, str]:
    """Send the form and return the complaint with its code, as read from the answer."""
    answer = client.post(FORM, TYPED | changes)
    assert answer.status_code == 200, answer.text
    number = re.search(r"编号 (YS\d{8}-\d{4})", answer.text)[1]
    code = re.search(r"查询码：([A-Z0-9]{4,16})<", answer.text)[1]
    return Complaint.objects.unscoped("test").get(number=number), code


def look_up(client: Client, complaint: Complaint, code: str):
    return client.post(PROGRESS, {"number": complaint.number, "code": code})


def handle(complaint: Complaint, cast, *, upto: str = "callback") -> Complaint:
    """Lead the complaint to ``handling`` or to the reply that waits for its answer."""
    now = clock.now()
    row = again(complaint, cast.office)
    office.accept_complaint(row, actor=cast.office, now=now)
    Complaint.objects.unscoped("test").filter(pk=row.pk).update(grade="B")
    row = again(complaint, cast.office)
    office.dispatch_complaint(row, department=cast.department, actor=cast.office, now=now)
    handling.sign_for_complaint(again(complaint, cast.head), actor=cast.head, now=now)
    return reply(complaint, cast) if upto == "callback" else again(complaint, cast.office)


def reply(complaint: Complaint, cast) -> Complaint:
    now = clock.now()
    handling.submit_result(again(complaint, cast.head), actor=cast.head, now=now, **(RESULT | {"inner_report": SECRET}))
    review.pass_review(again(complaint, cast.office), actor=cast.office, now=now)
    return again(complaint, cast.office)


def test_a_submission_is_a_business_complaint_from_the_web_and_its_code_is_stored_as_a_digest(client, office):
    complaint, code = submit(client)
    assert (complaint.regime, complaint.channel, complaint.type) == ("business", "web", "complaint")
    assert (complaint.status, complaint.registered_by, complaint.relevance) == ("received", None, "yes")
    assert code not in complaint.public_code_hash
    assert len(complaint.public_code_hash) == 64
    assert complaint.caller_phone_masked == "199****0001"
    assert b"19900000001" not in bytes(complaint.caller_phone_sealed)


def test_the_form_says_who_receives_and_needs_consent_and_content(client):
    page = client.get(FORM).text
    assert "河南省营商环境投诉举报平台" in page
    assert "信息使用说明" in page
    answer = client.post(FORM, {"content": "", "caller_name": "李某"})
    assert answer.status_code == 422
    assert "请填写投诉内容" in answer.text
    assert "请阅读说明并勾选同意" in answer.text
    assert "李某" in answer.text
    assert not Complaint.objects.unscoped("test").exists()


def test_the_trap_is_there_and_catches(client):
    assert 'name="website"' in client.get(FORM).text
    answer = client.post(FORM, TYPED | {"website": "https://example.com"})
    assert answer.status_code == 422
    assert not Complaint.objects.unscoped("test").exists()


def test_ten_submissions_an_hour_from_an_address(client):
    for _ in range(10):
        submit(client)
    assert client.post(FORM, TYPED).status_code == 429
    assert Client(REMOTE_ADDR="10.9.8.7").post(FORM, TYPED).status_code == 200


def test_files_are_checked_by_their_bytes_and_hang_on_the_complaint(client):
    bad = SimpleUploadedFile("照片.png", b"MZ\x90\x00 a program")
    answer = client.post(FORM, TYPED | {"attachments": [bad]})
    assert answer.status_code == 422
    assert not Complaint.objects.unscoped("test").exists()
    good = SimpleUploadedFile("情况.xlsx", files.xlsx([["说明"]]))
    complaint, _ = submit(client, attachments=[good])
    assert ComplaintFile.objects.unscoped("test").get().complaint == complaint


def test_a_number_nobody_can_dial_is_said_at_its_field(client):
    answer = client.post(FORM, TYPED | {"caller_phone": "12"})
    assert answer.status_code == 422
    assert "联系电话应为" in answer.text


def test_wrong_number_and_wrong_code_are_answered_alike(client):
    complaint, code = submit(client)
    answers = [
        client.post(PROGRESS, {"number": number, "code": sent})
        for number, sent in ((complaint.number, "AAAAAAAA"), ("YS20200101-0001", code))
    ]
    texts = [re.sub(r'value="[^"]*"', "", answer.text) for answer in answers]
    texts = [re.sub(r'hx-headers="[^"]*"|hx-headers=\'[^\']*\'', "", text) for text in texts]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert texts[0] == texts[1]
    assert "编号或查询码不正确" in texts[0]


def test_a_number_given_elsewhere_is_found_as_it_is_written(client, cast):
    complaint, code = submit(client)
    Complaint.objects.unscoped("test").filter(pk=complaint.pk).update(number="dh-2026/x1")
    assert TYPED["content"][:10] not in client.post(PROGRESS, {"number": "dh-2026/x2", "code": code}).text
    assert TYPED["content"][:10] in client.post(PROGRESS, {"number": " dh-2026/x1", "code": code.lower()}).text


def test_thirty_look_ups_a_minute_from_an_address(client):
    for _ in range(30):
        client.post(PROGRESS, {"number": "YS20200101-0001", "code": "AAAA"})
    assert client.post(PROGRESS, {"number": "YS20200101-0001", "code": "AAAA"}).status_code == 429


def test_a_complaint_without_a_code_is_never_found(client, cast):
    from tests.factories.complaints import make_complaint

    row = make_complaint(cast.office)
    assert client.post(PROGRESS, {"number": row.number, "code": ""}).status_code == 422
    assert client.post(PROGRESS, {"number": row.number, "code": " "}).status_code == 422


def test_progress_shows_unit_phone_promise_and_extension_but_nothing_internal(client, cast):
    cast.department.office_phone = "0396-6220000"
    cast.department.save()
    complaint, code = submit(client)
    row = handle(complaint, cast, upto="handling")
    now = clock.now()
    extensions.request_extension(row, workdays=2, reason="需现场勘验", actor=cast.head, now=now)
    extensions.agree_extension(again(row, cast.office_lead), actor=cast.office_lead, now=now)
    page = look_up(client, complaint, code.lower()).text
    for expected in ("办理中", "西平县住房和城乡建设局", "0396-6220000", "承诺办结", "2 个工作日：需现场勘验"):
        assert expected in page
    for hidden in (cast.head.name, cast.office.name, "李某", "19900000001"):
        assert hidden not in page


def test_the_unit_of_a_report_is_not_named(client, cast):
    complaint, code = submit(client)
    handle(complaint, cast, upto="handling")
    Complaint.objects.unscoped("test").update(type="report")
    assert "西平县住房和城乡建设局" not in look_up(client, complaint, code).text


def test_the_reply_shows_only_after_review_and_never_the_inner_report(client, cast):
    complaint, code = submit(client)
    handle(complaint, cast, upto="handling")
    handling.submit_result(again(complaint, cast.head), actor=cast.head, now=clock.now(), **RESULT)
    assert RESULT["public_reply"] not in look_up(client, complaint, code).text
    review.pass_review(again(complaint, cast.office), actor=cast.office, now=clock.now())
    page = look_up(client, complaint, code).text
    assert RESULT["public_reply"] in page
    assert RESULT["inner_report"] not in page


def test_the_answer_counts_as_the_call_back_and_is_given_once(client, cast):
    complaint, code = submit(client)
    handle(complaint, cast)
    look_up(client, complaint, code)
    answer = client.post(f"{PROGRESS}rating/", {"solved": "yes", "result": "satisfied"}, follow=True)
    assert "已办结" in answer.text
    row = CallBack.objects.unscoped("test").get()
    assert (row.result, row.solved, row.called_by) == ("satisfied", "yes", None)
    assert client.post(f"{PROGRESS}rating/", {"solved": "no", "result": "dissatisfied"}).status_code == 409
    assert CallBack.objects.unscoped("test").count() == 1


def test_dissatisfied_opens_a_second_round_whose_reply_may_be_answered_again(client, cast):
    complaint, code = submit(client)
    handle(complaint, cast)
    look_up(client, complaint, code)
    client.post(f"{PROGRESS}rating/", {"solved": "no", "result": "dissatisfied", "note": "没有解决"})
    row = again(complaint, cast.office)
    assert (row.status, row.current_round.round_no) == ("handling", 2)
    reply(complaint, cast)
    client.post(f"{PROGRESS}rating/", {"solved": "yes", "result": "basically_satisfied"})
    assert again(complaint, cast.office).status == "closed"


@pytest.mark.parametrize("result", ["unreasonable", "unreachable", ""])
def test_a_complainant_cannot_give_the_offices_answers(client, cast, result):
    complaint, code = submit(client)
    handle(complaint, cast)
    look_up(client, complaint, code)
    assert client.post(f"{PROGRESS}rating/", {"solved": "yes", "result": result}).status_code == 422


def test_material_is_added_while_open(client, cast):
    complaint, code = submit(client)
    assert client.post(f"{PROGRESS}material/", {"note": "补一张照片"}).status_code == 302
    assert not complaint.events.filter(kind="supplement").exists(), "nobody had proved to be the complainant"
    look_up(client, complaint, code)
    assert client.post(f"{PROGRESS}material/", {"note": ""}).status_code == 422
    answer = client.post(f"{PROGRESS}material/", {"note": "我的电话是 13812345678"})
    assert answer.status_code == 422
    assert client.post(f"{PROGRESS}material/", {"note": "补充办事回执"}).status_code == 302
    assert complaint.events.get(kind="supplement").text == "补充办事回执"
    review.withdraw_by_complainant(
        again(complaint, cast.office_lead), reason="已协商", actor=cast.office_lead, now=clock.now()
    )
    assert client.post(f"{PROGRESS}material/", {"note": "再补"}).status_code == 409


def test_receipt_and_notice_are_for_who_proved_themselves(client, cast):
    complaint, code = submit(client)
    assert client.get("/public/complaints/receipt/").status_code == 302
    look_up(client, complaint, code)
    page = client.get("/public/complaints/receipt/").text
    assert "受理回执" in page
    assert "data:image/svg+xml" in page
    assert code not in page
    assert client.get("/public/complaints/refusal/").status_code == 404
    now = clock.now()
    office.propose_refusal(again(complaint, cast.office), reason="属于诉讼事项", actor=cast.office, now=now)
    assert "属于诉讼事项" not in look_up(client, complaint, code).text
    approval = {"number": "豫营商〔2026〕9号", "on": clock.today()}
    office.agree_refusal(
        again(complaint, cast.office_lead), provincial_approval=approval, actor=cast.office_lead, now=now
    )
    assert "属于诉讼事项" in look_up(client, complaint, code).text
    notice = client.get("/public/complaints/refusal/").text
    assert "不予受理告知书" in notice
    assert "豫营商〔2026〕9号" in notice


def test_the_log_in_page_links_both(client):
    page = client.get("/login/").text
    assert f'href="{FORM}"' in page
    assert f'href="{PROGRESS}"' in page
