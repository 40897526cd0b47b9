"""What leads on from the reports: coordination with its replies, leaders' instructions, proposed classes."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from accounts.models import Message
from core.audit import record_event
from indicators.demo.history import Cast
from indicators.models import CoordinationItem, DailyReport
from indicators.services.coordination import assign_item, close_item, reply_item, write_instruction
from indicators.workflow.coordination import COORDINATION

REPLIES = {
    "A06": "已会同县城管局、县公安局明确：电力小型开挖实行告知承诺，当日办结。",
    "A10": "县政府专题会议已研究，风险补偿资金列入下季度预算。",
    "A18": "已向市政数部门提交数据回流申请，税务系统接口本月开通。",
}
CLOSED = frozenset({"A06"})


def answer_asks(reports: Iterable[DailyReport], cast: Cast) -> None:
    """Let the office take up what earlier reports asked for: assigned, answered, and one closed."""
    for report in reports:
        if report.coordination == "self":
            continue
        asked_at = report.reported_at
        assert asked_at is not None  # these have all been reported
        item = COORDINATION.enter(
            CoordinationItem,
            CoordinationItem.Status.OPEN,
            origin=CoordinationItem.Origin.REPORT,
            report=report,
            indicator=report.indicator,
            coordination=report.coordination,
            text=report.difficulty,
            asked_by=report.submitted_by,
            asked_at=asked_at,
        )
        record_event(
            actor=report.submitted_by,
            action="indicators.coordinationitem.create",
            target=item,
            after={"origin": item.origin, "indicator": report.indicator.code, "text": item.text},
            now=asked_at,
        )
        due_on = asked_at.date() + timedelta(days=7)
        assign_item(item, actor=cast.office, now=asked_at + timedelta(hours=2), owner=cast.office, due_on=due_on)
        code = report.indicator.code
        reply_item(item, actor=cast.office, reply=REPLIES[code], now=asked_at + timedelta(days=3))
        if code in CLOSED:
            close_item(item, actor=cast.office, now=asked_at + timedelta(days=4))


def leave_instructions(cast: Cast, *, due_on: date, now: datetime) -> None:
    """Let the county leader leave two instructions: one answered, one still open until ``due_on``."""
    leader, office = cast.people["leader"], cast.office
    earlier = write_instruction(
        cast.indicators["A08"],
        text="用气报装开挖手续要并联，请县营商办牵头一周内拿出办法。",
        actor=leader,
        now=now - timedelta(days=10),
        due_on=now.date(),
    )
    assign_item(earlier, actor=office, now=now - timedelta(days=10, hours=-1), owner=office, due_on=now.date())
    reply = "已召集县住建局、县城管局、县公安局、县燃气公司会商，开挖手续由燃气公司代办，三部门同步办理。"
    reply_item(earlier, actor=office, reply=reply, now=now - timedelta(days=4))
    write_instruction(
        cast.indicators["A27"],
        text="拖欠企业账款要逐笔明确责任单位和兑付时间，月底前报结果。",
        actor=leader,
        now=now,
        due_on=due_on,
    )


def read_old_messages(before: datetime) -> int:
    """Mark what was sent before the latest days as read, as it would be by now; return how many."""
    old = Message.objects.unscoped("the demonstration's own past").filter(read_at=None, created_at__lt=before)
    return old.update(read_at=before)
