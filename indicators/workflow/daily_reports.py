"""The states of a daily report and who moves it (domain §4; act names: api.md)."""

from core.exceptions import Locked
from core.workflow import Transition, Workflow
from indicators.models import DailyReport
from indicators.rules.daily_reports import (
    closed_because,
    may_approve,
    may_reopen,
    may_report,
    may_review,
    needs_approval,
)

S = DailyReport.Status

LEAD = "牵头单位填报员或负责人"
HEAD = "牵头单位负责人"
OFFICE = "县营商办"


class DailyReportWorkflow(Workflow):
    """A table whose only block is the lock, which is judged before the state (api.md, daily-reports)."""

    def check(self, name, row, *, actor):
        transition = self.permit(name, row, actor=actor)
        if sentence := transition.blocked_by(row):
            raise Locked(sentence)
        return super().check(name, row, actor=actor)


def after_submission(report) -> str:
    """Return where a submission leads: to the head, or straight out."""
    return S.SUBMITTED if needs_approval(report) else S.REPORTED


DAILY_REPORT = DailyReportWorkflow(
    Transition(
        "submit",
        "提交",
        sources=(S.DRAFT,),
        targets=(S.SUBMITTED, S.REPORTED),
        permitted=may_report,
        blocked_by=closed_because,
        choose=after_submission,
        who=LEAD,
    ),
    Transition("approve", "审定", sources=(S.SUBMITTED,), targets=(S.REPORTED,), permitted=may_approve, who=HEAD),
    Transition("send_back", "退回修改", sources=(S.SUBMITTED,), targets=(S.DRAFT,), permitted=may_approve, who=HEAD),
    Transition("accept", "采纳", sources=(S.REPORTED,), targets=(S.ACCEPTED,), permitted=may_review, who=OFFICE),
    Transition("return", "退回补正", sources=(S.REPORTED,), targets=(S.RETURNED,), permitted=may_review, who=OFFICE),
    Transition(
        "resubmit",
        "重新提交",
        sources=(S.RETURNED,),
        targets=(S.SUBMITTED, S.REPORTED),
        permitted=may_report,
        blocked_by=closed_because,
        choose=after_submission,
        who=LEAD,
    ),
    Transition(
        "reopen", "重新打开", sources=(S.ACCEPTED,), targets=(S.RETURNED,), permitted=may_reopen, who="县营商办审核人"
    ),
    Transition(
        "withdraw",
        "撤回",
        sources=(S.SUBMITTED, S.REPORTED),
        targets=(S.DRAFT,),
        permitted=may_report,
        blocked_by=closed_because,
        who=LEAD,
    ),
    entries=(S.DRAFT,),
    finals=(S.ACCEPTED,),
)

#: The states in which the department may still write on the report.
EDITABLE = frozenset({S.DRAFT, S.RETURNED})
