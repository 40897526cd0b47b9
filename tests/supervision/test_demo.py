"""The demonstration's issues: every state, a plausible past, nobody real, once."""

import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from PIL import Image

from accounts.models import Message
from accounts.services.demo import open_demo_accounts
from core.clock import local_date
from core.dates import SHANGHAI
from core.exceptions import RuleViolation
from core.ladder import Rung
from core.models import AuditEvent
from core.selectors.calendar import work_calendar
from supervision.demo.loading import load_demo_issues
from supervision.demo.plan import FATES, plan_issues
from supervision.models import (
    AccountabilityRecord,
    ClearanceRequest,
    Inspection,
    Issue,
    IssueEscalation,
    IssueEvent,
    IssueEvidence,
    IssueExtension,
    IssueRound,
    LookBack,
    SupervisionOrder,
)
from supervision.selectors.conditions import nearly_due_q, overdue_q, verification_overdue_q
from supervision.services.escalation import scan_issues
from supervision.services.numbers import next_issue_number

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
#: Early in the morning, a Sunday after a working Saturday, the first working day of a year not yet published.
DAYS = [
    datetime(2026, 11, 25, 22, 0, tzinfo=UTC),
    datetime(2026, 10, 11, 9, 0, tzinfo=UTC),
    datetime(2027, 1, 4, 2, 0, tzinfo=UTC),
]


@pytest.fixture
def units(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    call_command("load_departments", verbosity=0)
    open_demo_accounts(now=NOW)


def everything(model):
    return model.objects.unscoped("test")


def test_the_plan_is_the_same_every_time():
    assert plan_issues() == plan_issues()
    assert len(plan_issues()) == sum(fate.count for fate in FATES) == 120


def test_without_accounts_it_says_what_to_run_first(db):
    with pytest.raises(RuleViolation, match="load_demo"):
        load_demo_issues(now=NOW)


@pytest.mark.parametrize("now", DAYS)
def test_there_is_something_of_everything_on_any_day_and_only_once(units, now):
    assert load_demo_issues(now=now) == 120
    assert load_demo_issues(now=now) == 0
    issues, today, calendar = everything(Issue), local_date(now), work_calendar()
    assert issues.count() == 120
    assert {row.status for row in issues} == set(Issue.Status.values)
    assert issues.filter(overdue_q(today)).count() >= 8
    assert issues.filter(nearly_due_q(today, calendar)).count() >= 3
    assert issues.filter(verification_overdue_q(today)).count() == 2
    assert issues.filter(status="sustained", next_review_on__lte=today).count() >= 2
    late = everything(LookBack).filter(done_on=None, result="", due_on__lte=today)
    assert late.filter(due_on__lt=today).count() >= 3
    assert late.count() >= 5
    assert {row.ending for row in everything(IssueRound)} == set(IssueRound.Ending.values) - {"relapsed"}
    assert everything(IssueRound).filter(round_no=2).count() == 7
    assert {row.answer for row in everything(IssueExtension)} == set(IssueExtension.Answer.values)
    assert {row.result for row in everything(ClearanceRequest)} >= {"unsigned", "standing", "passed", "failed"}
    rungs = {row.rung for row in everything(IssueEscalation)}
    assert rungs == {Rung.NEARLY_DUE, Rung.OVERDUE, Rung.RAISED, Rung.SUPERVISION_PROPOSED, Rung.BULLETIN}
    assert {row.status for row in everything(SupervisionOrder)} == set(SupervisionOrder.Status.values)
    assert {row.kind for row in everything(AccountabilityRecord)} == set(AccountabilityRecord.Kind.values)
    assert {row.kind for row in everything(Inspection)} == set(Inspection.Kind.values)
    assert not everything(IssueEvent).filter(at__gt=now).exists()
    assert not issues.filter(created_at__gt=now).exists()


def test_what_was_loaded_holds_together(units):
    load_demo_issues(now=NOW)
    check_inspections()
    check_rounds_and_numbers()
    check_records()
    check_pictures()
    check_nobody_real_is_named()
    assert scan_issues(now=NOW) == 0, "the scheduler has told of everything"
    unread = everything(Message).filter(read_at=None).order_by()
    assert max(Counter(unread.values_list("user", flat=True)).values()) < 60
    assert AuditEvent.objects.filter(action="supervision.demo.load").count() == 1


def check_inspections():
    inspections = everything(Inspection)
    assert inspections.count() == 8
    assert sum(one.is_planned(local_date(NOW)) for one in inspections) == 1
    assert inspections.filter(report__isnull=True, issues__status="draft").distinct().count() == 1
    assert not inspections.filter(report__isnull=False, issues__status="draft").exists()
    assert all(one.plan and one.team.count() == 3 for one in inspections)


def check_rounds_and_numbers():
    issues = everything(Issue)
    for issue in issues.select_related("current_round"):
        moments = [issue.created_at, issue.registered_at, issue.first_assigned_at]
        known = [moment for moment in moments if moment is not None]
        assert known == sorted(known), issue
        if issue.current_round and issue.status in Issue.CLOCK_RUNS:
            assert issue.clock_due_on == issue.current_round.effective_due_on, issue
        else:
            assert issue.clock_due_on is None, issue
    numbers = list(issues.order_by("created_at", "id").values_list("number", flat=True))
    assert numbers == sorted(numbers)
    assert int(next_issue_number(NOW)[-4:]) == int(numbers[-1][-4:]) + 1


def check_records():
    for record in everything(AccountabilityRecord):
        assert 8 <= record.recorded_at.astimezone(SHANGHAI).hour < 18, record


def check_pictures():
    items = everything(IssueEvidence).select_related("evidence__attachment")
    phases = Counter(item.phase for item in items)
    assert phases["before"] > 30
    assert phases["after"] > 60
    for item in items[:6]:
        attachment = item.evidence.attachment
        assert attachment.captured_at < item.added_at
        with default_storage.open(attachment.file.name) as file:
            assert Image.open(file).size == (800, 600)


def check_nobody_real_is_named():
    for issue in everything(Issue):
        text = f"{issue.title}{issue.description}{issue.responsible_leader}{issue.responsible_person}"
        assert not re.search(r"\d{7}", text)
