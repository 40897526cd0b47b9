"""The way of an issue through the services, from the finding to the second round (domain §7)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.exceptions import NotAllowed, RuleViolation
from indicators.models import Evidence
from supervision.models import Issue, IssueEvidence, LookBack
from supervision.services import clearance, handling, verification, writing

S = Issue.Status
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def a_draft(actor, department, **facts):
    """Return an issue in 草稿, written by ``actor``."""
    facts = {"source": "open", "description": "大厅收费公示栏未更新，仍列已取消的收费", "category": "fees"} | facts
    return writing.write_issue(facts | {"department": department}, actor=actor, now=NOW)


def give_after(issue, person):
    """Let ``person`` add evidence of after in the current round."""
    evidence = Evidence.objects.create(
        title="整改后照片", kind="photo", link="https://example.org/a", added_by=person, added_at=NOW, status="pending"
    )
    return IssueEvidence.objects.create(
        issue=issue, round=issue.current_round, evidence=evidence, phase="after", added_by=person, added_at=NOW
    )


def a_verifying(inspector, head, department):
    """Return an issue in 待验收."""
    issue = a_draft(inspector, department)
    writing.register_issue(issue, actor=inspector, now=NOW)
    writing.assign_issue(issue, actor=inspector, now=NOW)
    handling.sign_for_issue(issue, actor=head, now=NOW)
    handling.submit_plan(
        issue, measures="逐项核对收费目录", person="许琳", due_on=date(2026, 12, 4), actor=head, now=NOW
    )
    give_after(issue, head)
    return clearance.request_clearance(issue, actor=head, now=NOW)


def test_issue_is_cleared_by_two_names_and_relapses_into_a_second_round(inspector, office_lead, head, department):
    issue = a_verifying(inspector, head, department)
    assert issue.status == S.VERIFYING
    assert issue.due_on == date(2026, 12, 4)
    assert issue.clock_due_on is None
    verification.verify_pass(issue, actor=inspector, now=NOW)
    assert issue.status == S.VERIFYING
    with pytest.raises(RuleViolation):
        verification.verify_pass(issue, actor=inspector, now=NOW)
    verification.verify_pass(issue, actor=office_lead, now=NOW)
    assert issue.status == S.CLEARED
    assert [one.due_on for one in issue.look_backs.all()] == [date(2026, 12, 25), date(2027, 2, 23)]

    verification.record_look_back(issue, result="relapsed", note="又贴出旧价目", actor=inspector, now=NOW)
    assert issue.status == S.RECTIFYING
    assert issue.round_in_hand.round_no == 2
    assert issue.clock_due_on == date(2026, 12, 16)
    assert {one.result for one in issue.look_backs.all()} == {LookBack.Result.RELAPSED, LookBack.Result.CLOSED}
    with pytest.raises(RuleViolation, match="本轮还没有整改后的佐证"):
        clearance.request_clearance(issue, actor=head, now=NOW)


def test_failed_verification_stays_in_its_round_and_voids_the_first_name(inspector, office_lead, head, department):
    issue = a_verifying(inspector, head, department)
    verification.verify_pass(issue, actor=inspector, now=NOW)
    verification.verify_fail(issue, reason="只改一处", actor=office_lead, now=NOW)
    assert (issue.status, issue.round_in_hand.sequence) == (S.RECTIFYING, 1)
    assert issue.clock_due_on == date(2026, 12, 4)
    clearance.request_clearance(issue, actor=head, now=NOW + timedelta(hours=1))
    verification.verify_pass(issue, actor=inspector, now=NOW)
    assert issue.status == S.VERIFYING


def test_department_does_not_verify_its_own_work(inspector, head, department):
    issue = a_verifying(inspector, head, department)
    inspector.department = department
    with pytest.raises(NotAllowed):
        verification.verify_pass(issue, actor=inspector, now=NOW)


def test_either_name_may_keep_it_sustained(inspector, office_lead, head, department):
    issue = a_verifying(inspector, head, department)
    verification.verify_pass(issue, actor=inspector, now=NOW, sustained=True)
    verification.verify_pass(issue, actor=office_lead, now=NOW)
    assert issue.status == S.SUSTAINED
    assert issue.next_review_on == date(2027, 2, 23)
    verification.clear_sustained(issue, actor=inspector, now=NOW)
    assert issue.status == S.CLEARED


def test_reporter_s_papers_wait_for_the_head(inspector, reporter, head, department):
    issue = a_draft(inspector, department, limit_kind="immediate")
    writing.register_issue(issue, actor=inspector, now=NOW)
    writing.assign_issue(issue, actor=inspector, now=NOW)
    assert issue.due_on == date(2026, 11, 30)
    handling.sign_for_issue(issue, actor=reporter, now=NOW)
    give_after(issue, reporter)
    clearance.request_clearance(issue, actor=reporter, now=NOW)
    assert issue.status == S.PLANNING
    with pytest.raises(RuleViolation, match="已有一份销号申请"):
        clearance.request_clearance(issue, actor=reporter, now=NOW)
    clearance.sign_clearance(issue, actor=head, now=NOW)
    assert issue.status == S.VERIFYING


def test_withdrawn_issue_goes_back_and_gets_other_numbers(inspector, office_lead, head, department):
    issue = a_draft(inspector, department)
    writing.register_issue(issue, actor=inspector, now=NOW)
    writing.assign_issue(issue, actor=inspector, now=NOW)
    first = str(issue.round_in_hand.assignment_form)
    writing.object_to_issue(issue, reason="不属于我局职责", actor=head, now=NOW)
    assert (issue.status, issue.current_round) == (S.REGISTERED, None)
    writing.assign_issue(issue, actor=inspector, now=NOW)
    assert (first, str(issue.round_in_hand.assignment_form)) == ("西营商交〔2026〕1号", "西营商交〔2026〕2号")
