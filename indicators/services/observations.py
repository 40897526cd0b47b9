"""Values entered by the office: corrections, and official results that never mix with 自评分 (domain §3)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from accounts.roles import Role
from accounts.selectors import people_with_role
from accounts.services import notify
from core.audit import record_event
from core.clock import local_date
from core.exceptions import InvalidInput
from core.formats import measure
from indicators.models import Assignment, Evidence, Indicator, Observation, OfficialScore
from indicators.rules.catalogue import can_correct_values
from indicators.rules.report_values import LeafFacts, NotANumber, parse_number, range_problem
from indicators.services.access import require
from indicators.services.evidence import link_evidence
from indicators.services.standards import check_is_leaf


@transaction.atomic
def correct_value(
    indicator: Indicator,
    *,
    value: str,
    as_of: date,
    reason: str,
    evidence: Sequence[Evidence],
    actor,
    now: datetime,
) -> Observation:
    """Enter a value for a leaf, accepted at once, with reason and evidence.

    It takes the place of the current value unless that one is of an earlier day, which was right then and
    stays. The lead department's people are told.

    Args:
        value: as typed; full-width digits are taken, at most 4 decimals, 是/否 for yes/no leaves.
        evidence: at least one piece ``actor`` may see; it is linked to the leaf.

    Who: R1 R2. Raises RuleViolation for an indicator with others beneath it, InvalidInput at the fields.
    """
    require(can_correct_values(actor), "更正数值")
    check_is_leaf(indicator)
    number = read_value(indicator, value)
    if as_of > local_date(now):
        raise InvalidInput.at("as_of", "数据日期不能晚于今天")
    if not evidence:
        raise InvalidInput.at("evidence", "更正数值请附 1 份佐证材料", code="evidence_required")
    current = current_observation(indicator)
    replaced = current if current is not None and as_of <= current.as_of else None
    first_level = indicator.first_level or indicator
    row = Observation.objects.create(
        indicator=indicator,
        first_level=first_level,
        value=number,
        as_of=as_of,
        source=Observation.Source.CORRECTION,
        standing=Observation.Standing.ACCEPTED,
        supersedes=replaced,
        reason=reason,
        entered_by=actor,
        entered_at=now,
        accepted_by=actor,
        accepted_at=now,
    )
    if replaced is not None:
        replaced.withdrawn_at = now
        replaced.save(update_fields=["withdrawn_at"])
    for piece in evidence:
        link_evidence(piece, indicators=[indicator], actor=actor, now=now)
    record_event(
        actor=actor,
        action="indicators.indicator.correct_value",
        target=indicator,
        before=None if current is None else {"value": current.value, "as_of": current.as_of},
        after={"value": number, "as_of": as_of, "evidence": [piece.pk for piece in evidence]},
        purpose=reason,
        now=now,
    )
    tell_lead(indicator, row, now=now)
    return row


def read_value(indicator: Indicator, text: str) -> Decimal:
    """Return the number ``text`` states for a leaf; InvalidInput at ``value`` when it is none or out of range."""
    leaf = leaf_facts(indicator)
    try:
        number = parse_number(text, is_yes_no=leaf.is_yes_no)
    except NotANumber as problem:
        raise InvalidInput.at("value", problem.detail, code=problem.code) from None
    if sentence := range_problem(leaf, number):
        raise InvalidInput.at("value", sentence, code="out_of_range")
    return number


def leaf_facts(indicator: Indicator) -> LeafFacts:
    """Return what is needed to judge whether a number can be a value of the leaf."""
    return LeafFacts(
        code=indicator.code,
        name=indicator.name,
        unit=indicator.unit,
        direction=indicator.direction,
        min_value=indicator.min_value,
        max_value=indicator.max_value,
    )


def current_observation(indicator: Indicator) -> Observation | None:
    """Return the value in force: the newest accepted one by as-of date, then by acceptance."""
    rows = Observation.objects.unscoped("accepted values are everybody's")
    rows = rows.filter(indicator=indicator, standing=Observation.Standing.ACCEPTED, withdrawn_at=None)
    return rows.order_by("-as_of", "-accepted_at", "-id").first()


def tell_lead(indicator: Indicator, row: Observation, *, now: datetime) -> None:
    """Tell the lead department's people that the office changed a value of theirs."""
    lead = Assignment.objects.filter(indicator=row.first_level, role=Assignment.Role.LEAD, valid_to=None).first()
    if lead is not None:
        text = measure(row.value, indicator.unit, is_yes_no=indicator.direction == Indicator.Direction.YES_NO)
        notify(
            people_with_role(Role.REPORTER, Role.DEPARTMENT_HEAD, department=lead.department_id),
            kind="observation.corrected",
            title=f"{indicator} 的数值由营商办更正为 {text}",
            url=indicator.get_absolute_url(),
            key=f"observation:{row.pk}",
            now=now,
        )


@dataclass(frozen=True, slots=True)
class OfficialResult:
    """A result the province or city gave: a score, a place among ``out_of``, or both."""

    year: int
    issuer: str
    score: Decimal | None = None
    rank: int | None = None
    out_of: int | None = None
    source: str = ""


@transaction.atomic
def record_official_score(
    result: OfficialResult, *, actor, now: datetime, indicator: Indicator | None = None
) -> OfficialScore:
    """Keep an official result, for one indicator or, without one, for the county as a whole.

    Who: R1 R2. Raises InvalidInput when there is neither score nor rank, or the rank lies beyond ``out_of``.
    """
    require(can_correct_values(actor), "登记官方评价结果")
    if result.score is None and result.rank is None:
        raise InvalidInput.at("score", "得分和位次至少填一项")
    if result.rank is not None and result.out_of is not None and result.rank > result.out_of:
        raise InvalidInput.at("rank", f"位次应在 1 到 {result.out_of} 之间")
    row = OfficialScore.objects.create(indicator=indicator, **asdict(result), recorded_at=now)
    record_event(
        actor=actor,
        action="indicators.officialscore.record",
        target=indicator or row,
        after=asdict(result),
        now=now,
    )
    return row
