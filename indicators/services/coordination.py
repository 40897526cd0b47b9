"""What departments ask for and leaders instruct becomes a list with owner, due date and reply (domain §4)."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from accounts.selectors import people_with_permission
from accounts.services import notify
from core.access import Permission
from core.audit import record_event
from core.clock import local_date
from core.exceptions import InvalidInput, NotAllowed
from core.workflow import swap
from indicators.models import Coordination, CoordinationItem, DailyReport, Indicator
from indicators.workflow.coordination import COORDINATION

NO_LONGER_ASKED = "报告已撤回，或不再需要协调"


def follow_report(report: DailyReport, *, actor, now: datetime) -> None:
    """Bring the list in line with a report that reached 已报 or left it again, in its transaction.

    A report that asks for coordination has one item. A withdrawn ask closes its item unless somebody has
    answered it already; asked again, the same item opens again.
    """
    item = CoordinationItem.objects.unscoped("the item of a report already checked").filter(report=report).first()
    is_asked = report.status == DailyReport.Status.REPORTED and report.coordination != Coordination.SELF
    if item is None:
        if is_asked:
            _ask(report, now=now)
        return
    is_open = item.status == CoordinationItem.Status.OPEN
    if not is_asked and is_open:
        COORDINATION.apply("close", item, actor=None, now=now, purpose=NO_LONGER_ASKED, closed_at=now)
    elif is_asked and not is_open and item.replied_at is None:
        COORDINATION.apply("reopen", item, actor=None, now=now, closed_at=None)
    if is_asked and (item.text, item.coordination) != (report.difficulty, report.coordination):
        before = {"text": item.text, "coordination": item.coordination}
        swap(item, text=report.difficulty, coordination=report.coordination)
        record_event(
            actor=actor,
            action="indicators.coordinationitem.change",
            target=item,
            before=before,
            after={"text": item.text, "coordination": item.coordination},
            now=now,
        )


def _ask(report: DailyReport, *, now: datetime) -> None:
    _create(
        now=now,
        actor=report.submitted_by,
        origin=CoordinationItem.Origin.REPORT,
        report=report,
        indicator=report.indicator,
        coordination=report.coordination,
        text=report.difficulty,
    )


def write_instruction(
    indicator: Indicator, *, text: str, actor, now: datetime, due_on: date | None = None
) -> CoordinationItem:
    """Leave an instruction (批示) on a first-level indicator; it becomes a task of the office (R7).

    Raises:
        NotAllowed: the actor is no county leader.
        InvalidInput: no text, or a due date that is past.
    """
    if not actor.can(Permission.WRITE_INSTRUCTIONS):
        raise NotAllowed("批示由县领导填写")
    if not text.strip():
        raise InvalidInput.at("text", "请写明批示内容", code="required")
    _check_due(due_on, now)
    return _create(
        now=now,
        actor=actor,
        origin=CoordinationItem.Origin.INSTRUCTION,
        indicator=indicator,
        coordination=Coordination.COUNTY_LEADER,
        text=text.strip(),
        due_on=due_on,
    )


@transaction.atomic
def _create(*, actor, now: datetime, **fields) -> CoordinationItem:
    item = COORDINATION.enter(CoordinationItem, CoordinationItem.Status.OPEN, asked_by=actor, asked_at=now, **fields)
    record_event(
        actor=actor,
        action="indicators.coordinationitem.create",
        target=item,
        after={"origin": item.origin, "indicator": item.indicator.code, "text": item.text, "due_on": item.due_on},
        now=now,
    )
    _tell(people_with_permission(Permission.KEEP_COORDINATION), item, "open", f"{_title(item)}：{item.text}", now=now)
    return item


@transaction.atomic
def assign_item(
    item: CoordinationItem, *, actor, now: datetime, owner: User | None = None, due_on: date | None = None
) -> CoordinationItem:
    """Give an open item its owner and due date (R1 R2); the owner is told."""
    COORDINATION.check("assign", item, actor=actor)
    if owner is None:
        raise InvalidInput.at("owner", "请选择承办人", code="required")
    _check_due(due_on, now)
    COORDINATION.apply(
        "assign", item, actor=actor, now=now, owner=owner, due_on=due_on, audit={"owner": owner, "due_on": due_on}
    )
    _tell([owner], item, "assigned", f"{_title(item)}交您承办：{item.text}", now=now)
    return item


@transaction.atomic
def reply_item(item: CoordinationItem, *, actor, reply: str, now: datetime) -> CoordinationItem:
    """Answer an item (R1 R2, its owner); whoever asked is told."""
    COORDINATION.check("reply", item, actor=actor)
    if not reply.strip():
        raise InvalidInput.at("reply", "请写明答复", code="required")
    COORDINATION.apply("reply", item, actor=actor, now=now, reply=reply.strip(), replied_at=now, audit={"reply": reply})
    _tell([item.asked_by], item, "replied", f"{_title(item)}已答复：{item.reply}", now=now)
    return item


def close_item(item: CoordinationItem, *, actor, now: datetime) -> CoordinationItem:
    """Close an item that is done with (R1 R2, the leader who instructed it)."""
    return COORDINATION.apply("close", item, actor=actor, now=now, closed_at=now)


@transaction.atomic
def reopen_item(item: CoordinationItem, *, actor, reason: str, now: datetime) -> CoordinationItem:
    """Take an answered or closed item up again, with a reason; its owner, or the office, is told."""
    COORDINATION.check("reopen", item, actor=actor)
    if not reason.strip():
        raise InvalidInput.at("reason", "请写明理由", code="required")
    COORDINATION.apply("reopen", item, actor=actor, now=now, purpose=reason.strip(), replied_at=None, closed_at=None)
    people = [item.owner] if item.owner else people_with_permission(Permission.KEEP_COORDINATION)
    _tell(people, item, "reopened", f"{_title(item)}须重新办理：{reason.strip()}", now=now)
    return item


def _check_due(due_on: date | None, now: datetime) -> None:
    if due_on is not None and due_on < local_date(now):
        raise InvalidInput.at("due_on", "办理期限不能早于今天")


def _title(item: CoordinationItem) -> str:
    """Return ``协调 A08 获得用气`` or ``批示 A08 获得用气``."""
    word = "批示" if item.origin == CoordinationItem.Origin.INSTRUCTION else "协调"
    return f"{word} {item.indicator.code} {item.indicator.name}"


def _tell(people, item: CoordinationItem, state: str, title: str, *, now: datetime) -> None:
    notify(
        people,
        kind=f"coordination.{state}",
        title=title,
        url=item.get_absolute_url(),
        key=f"coordination:{item.pk}:{state}:{item.version}",
        now=now,
    )
