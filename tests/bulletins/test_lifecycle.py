"""The way of a bulletin through the services: drafted, edited, reviewed, signed, corrected, voided (domain §8)."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from bulletins.documents.signing_sheet import signing_sheet_of
from bulletins.models import Bulletin, BulletinCounter
from bulletins.services import drafting, editing, numbers, review
from core.dates import parse_period
from core.exceptions import InvalidInput, InvalidTransition, RuleViolation

S = Bulletin.Status
WEEK = parse_period("2026W47")
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(office):
    """Return this week's 通报 in 草稿, without any data behind it."""
    return drafting.draft_bulletin("notice", WEEK, actor=office, now=NOW)[0]


@pytest.fixture
def issued(draft, office, office_lead, signer):
    """Return it issued."""
    review.submit_bulletin(draft, actor=office, now=NOW)
    review.approve_bulletin(draft, actor=office_lead, now=NOW)
    return review.sign_bulletin(draft, actor=signer, now=NOW)


def test_a_week_without_data_is_drafted_in_sentences(draft):
    texts = {section.key: section.text for section in draft.sections.all()}
    assert draft.number == "notice-2026W47"
    assert texts["overdue"] == "本周无超期件。"
    assert texts["complaints"].startswith("本周无新受理投诉。")
    assert draft.title.endswith("关于11月16日至11月22日全县营商环境工作情况的通报")


def test_drafting_again_renews_and_keeps_edited_words(draft, office):
    editing.edit_sections(draft, {"next_steps": "请各单位抓紧。"}, actor=office, now=NOW)
    again, is_new = drafting.draft_bulletin("notice", WEEK, actor=office, now=NOW)
    assert (again.pk, is_new) == (draft.pk, False)
    section = again.sections.get(key="next_steps")
    assert (section.text, section.edited, section.version) == ("请各单位抓紧。", True, 2)
    assert Bulletin.objects.unscoped("test").count() == 1


def test_unknown_name_is_refused_and_nothing_written(draft, office):
    with pytest.raises(InvalidInput, match="没有名为"):
        editing.edit_sections(draft, {"overview": "共{no.such}件", "next_steps": "好"}, actor=office, now=NOW)
    assert not draft.sections.filter(edited=True).exists()


def test_signing_gives_number_and_freezes_files(issued):
    assert issued.status == S.ISSUED
    assert issued.document_number == "西营商〔2026〕1号"
    files = {file.format: file for file in issued.files.all()}
    assert set(files) == {"docx", "xlsx", "html"}
    assert all(len(file.sha256) == 64 and file.size for file in files.values())


def test_mobile_number_bars_review(draft, office, office_lead):
    editing.edit_sections(draft, {"next_steps": "请联系 13800001234。"}, actor=office, now=NOW)
    review.submit_bulletin(draft, actor=office, now=NOW)
    with pytest.raises(RuleViolation, match="手机号"):
        review.approve_bulletin(draft, actor=office_lead, now=NOW)
    assert draft.status == S.REVIEW


def test_file_that_cannot_be_made_spends_no_number(draft, office, office_lead, signer, monkeypatch):
    review.submit_bulletin(draft, actor=office, now=NOW)
    review.approve_bulletin(draft, actor=office_lead, now=NOW)

    def broken(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr("bulletins.services.files.render_file", broken)
    with pytest.raises(OSError, match="disk full"):
        review.sign_bulletin(draft, actor=signer, now=NOW)
    draft.refresh_from_db()
    assert draft.status == S.SIGNING
    assert not BulletinCounter.objects.filter(next_serial__gt=1).exists()


def test_issued_paper_is_not_edited_nor_drafted_again(issued, office):
    with pytest.raises(InvalidTransition):
        editing.edit_sections(issued, {"overview": "改"}, actor=office, now=NOW)
    with pytest.raises(RuleViolation):
        drafting.draft_bulletin("notice", WEEK, actor=office, now=NOW)


def test_correction_names_the_old_number_and_both_stay(issued, office_lead):
    correction = review.correct_bulletin(issued, reason="按期办结数有误", actor=office_lead, now=NOW)
    assert correction.title.endswith("（更正）")
    assert "西营商〔2026〕1号" in correction.opening
    assert correction.corrects == issued
    assert correction.number == "notice-2026W47-2"
    assert issued.status == S.ISSUED
    with pytest.raises(RuleViolation, match="更正稿"):
        review.correct_bulletin(issued, reason="再改", actor=office_lead, now=NOW)


def test_voided_period_may_be_drafted_again_and_gets_another_number(issued, office, office_lead, signer):
    review.void_bulletin(issued, reason="误发", actor=signer, now=NOW)
    again, is_new = drafting.draft_bulletin("notice", WEEK, actor=office, now=NOW)
    assert is_new
    review.submit_bulletin(again, actor=office, now=NOW)
    review.approve_bulletin(again, actor=office_lead, now=NOW)
    review.sign_bulletin(again, actor=signer, now=NOW)
    assert again.document_number == "西营商〔2026〕2号"


def test_signing_sheet_shows_both_names_where_a_deputy_signed(draft, office, office_lead, signer):
    office_lead.acting_for = signer
    review.submit_bulletin(draft, actor=office, now=NOW)
    review.approve_bulletin(draft, actor=type(office_lead).objects.get(pk=office_lead.pk), now=NOW)
    issued = review.sign_bulletin(draft, actor=office_lead, now=NOW)
    steps = {step.role: step.name for step in signing_sheet_of(issued).steps}
    assert steps == {
        "拟稿": office.name,
        "核稿": office_lead.name,
        "签发": f"{office_lead.name}（代{signer.name}）",
    }


def test_receipt_is_signed_once(issued, reporter, head):
    review.acknowledge_bulletin(issued, actor=reporter, now=NOW)
    with pytest.raises(RuleViolation, match="已签收"):
        review.acknowledge_bulletin(issued, actor=head, now=NOW)


def test_period_to_come_is_refused(office):
    with pytest.raises(InvalidInput, match="还没有开始"):
        drafting.draft_bulletin("notice", parse_period("2026W49"), actor=office, now=NOW)


def test_week_with_a_working_saturday_counts_it(office):
    """国庆 2026: off until 7 October, Saturday the 10th is worked."""
    bulletin, _ = drafting.draft_bulletin("notice", parse_period("2026W41"), actor=office, now=NOW)
    assert "10月5日至10月11日（工作日3天）" in bulletin.sections.get(key="overview").text
    assert "关于10月5日至10月11日全县" in bulletin.title


def test_number_given_while_the_next_one_is_being_set_is_not_given_again(office, monkeypatch):
    numbers.set_next_number("brief", 2026, 5, actor=office, now=NOW)
    read = BulletinCounter.objects.get_or_create

    def read_and_let_somebody_sign(**asked):
        found = read(**asked)
        BulletinCounter.objects.update(next_serial=7)
        return found

    monkeypatch.setattr(BulletinCounter.objects, "get_or_create", read_and_let_somebody_sign)
    with pytest.raises(InvalidInput, match="已用到 6，下一号不能小于 7"):
        numbers.set_next_number("brief", 2026, 6, actor=office, now=NOW)


def test_one_issue_number_stands_on_one_paper_of_its_kind(draft, office):
    twin = drafting.draft_bulletin("notice", parse_period("2026W46"), actor=office, now=NOW)[0]
    rows = Bulletin.objects.unscoped("test")
    rows.filter(pk=draft.pk).update(issue_number="第3期（总第3期）")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.filter(pk=twin.pk).update(issue_number="第3期（总第3期）")


@pytest.mark.parametrize(
    "reason", ["按期办结数有误", "因按期办结数有误。", " 按期办结数有误；\n"], ids=["plain", "with 因", "with marks"]
)
def test_reason_of_a_correction_reads_as_a_clause(issued, office_lead, reason):
    correction = review.correct_bulletin(issued, reason=reason, actor=office_lead, now=NOW)
    assert correction.opening == "西营商〔2026〕1号因按期办结数有误，现更正如下，原文以本更正为准。"
