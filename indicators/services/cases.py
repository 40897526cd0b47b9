"""Practice cases (典型案例): written by departments, published by the office (domain §3)."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from accounts.roles import Role
from accounts.selectors import people_with_permission, people_with_role
from accounts.services import notify
from core.access import Permission
from core.audit import record_event
from core.exceptions import InvalidInput, RuleViolation
from core.workflow import swap
from indicators.models import Indicator, PracticeCase
from indicators.rules.evidence import can_add_evidence, can_amend
from indicators.selectors.evidence import linkable_indicators
from indicators.services.access import require
from indicators.workflow.cases import PRACTICE_CASE

S = PracticeCase.Status
#: States in which the words of a case may be changed.
EDITABLE_STATES = (S.DRAFT, S.RETURNED)


@dataclass(frozen=True, slots=True)
class CaseText:
    """What a case says: 背景, 做法, 成效."""

    title: str
    background: str
    measures: str
    results: str


@transaction.atomic
def write_case(text: CaseText, *, indicator: Indicator, actor, now: datetime) -> PracticeCase:
    """Begin a case on a first-level indicator, as a draft of the actor's department.

    Who: R1 R2 R4 R5, departments for indicators they lead or assist. Raises InvalidInput for another
    indicator, or for a person without a department.
    """
    require(can_add_evidence(actor), "撰写典型案例", "承办单位或县营商办")
    if actor.scope_department_id is None:
        raise InvalidInput("您没有所属单位，不能撰写案例")
    if not linkable_indicators(actor).filter(pk=indicator.pk, level=1).exists():
        raise InvalidInput.at("indicator", "不是本单位牵头或配合的一级指标", code="foreign_indicator")
    case = PRACTICE_CASE.enter(
        PracticeCase,
        S.DRAFT,
        **asdict(text),
        indicator=indicator,
        department_id=actor.scope_department_id,
        written_by=actor,
        written_at=now,
    )
    record_event(actor=actor, action="indicators.practicecase.write", target=case, after={"title": case.title}, now=now)
    return case


@transaction.atomic
def edit_case(case: PracticeCase, text: CaseText, *, actor, now: datetime) -> PracticeCase:
    """Change the words of a draft or returned case. Who: people of its department.

    Raises RuleViolation in any other state, VersionConflict when somebody else changed it meanwhile.
    """
    require(can_amend(actor, case), "修改案例", "报送单位")
    if case.status not in EDITABLE_STATES:
        raise RuleViolation(f"当前为“{case.get_status_display()}”，不能修改")
    before = {name: value for name in asdict(text) if (value := getattr(case, name)) != getattr(text, name)}
    swap(case, **asdict(text))
    record_event(
        actor=actor,
        action="indicators.practicecase.edit",
        target=case,
        before=before,
        after={name: getattr(text, name) for name in before},
        now=now,
    )
    return case


@transaction.atomic
def submit_case(case: PracticeCase, *, actor, now: datetime) -> PracticeCase:
    """Hand a case in; the office is told. Who: people of its department."""
    PRACTICE_CASE.apply("submit", case, actor=actor, now=now, return_reason="")
    notify(
        people_with_permission(Permission.REVIEW_EVIDENCE),
        kind="case.submitted",
        title=f"典型案例“{case.title}”待审核",
        url=case.get_absolute_url(),
        key=f"case:{case.pk}:submitted:{case.version}",
        now=now,
    )
    return case


@transaction.atomic
def withdraw_case(case: PracticeCase, *, actor, now: datetime) -> PracticeCase:
    """Take a case back before it is judged. Who: people of its department."""
    return PRACTICE_CASE.apply("withdraw", case, actor=actor, now=now)


@transaction.atomic
def publish_case(case: PracticeCase, *, actor, now: datetime) -> PracticeCase:
    """Publish a case to everybody. Who: R1 R2."""
    return PRACTICE_CASE.apply("publish", case, actor=actor, now=now, published_at=now)


@transaction.atomic
def return_case(case: PracticeCase, *, reason: str, actor, now: datetime) -> PracticeCase:
    """Send a case back with a reason; its department is told. Who: R1 R2."""
    PRACTICE_CASE.apply("return", case, actor=actor, now=now, purpose=reason, return_reason=reason, published_at=None)
    notify(
        people_with_role(Role.REPORTER, Role.DEPARTMENT_HEAD, department=case.department_id),
        kind="case.returned",
        title=f"典型案例“{case.title}”被退回补正",
        body=reason,
        url=case.get_absolute_url(),
        key=f"case:{case.pk}:returned:{case.version}",
        now=now,
    )
    return case
