"""What happened to one planned complaint, as rows that are not saved yet."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import User
from complaints.demo.plan import OVER, PlannedComplaint
from complaints.identities import masked_name, masked_phone, seal
from complaints.models import CallBack, Complaint, ComplaintEvent, Escalation, Extension, HandlingRound
from complaints.selectors.deadlines import Stage, limit_of, moved_by_workdays, shifted_by_workdays
from core.dates import WorkCalendar
from core.ladder import overdue_marks
from departments.models import Department
from indicators.demo.plan import at
from indicators.models import Indicator

S = Complaint.Status
Ending = HandlingRound.Ending
Satisfaction = HandlingRound.Satisfaction

REPORT = "已派人现场核实，与诉求人电话沟通，按职责办结，材料存档。"
REFUSAL = "诉求已进入诉讼程序，依法不予受理，请按法定途径主张权利。"
#: Fate -> state and how many working days before today it was dispatched, for what is still open.
OPEN_FATES: dict[str, tuple[str, int]] = {
    "dispatched": (S.DISPATCHED, 1),
    "unsigned": (S.DISPATCHED, 3),
    "return_review": (S.RETURN_REVIEW, 1),
    "handling": (S.HANDLING, 1),
    "nearly_due": (S.HANDLING, 4),
    "overdue": (S.HANDLING, 6),
    "extension_asked": (S.HANDLING, 3),
    "suspended": (S.HANDLING, 4),
    "handling_again": (S.HANDLING, 9),
    "sign_off": (S.SIGN_OFF, 3),
    "office_review": (S.OFFICE_REVIEW, 3),
    "callback": (S.CALLBACK, 4),
}
#: Fate -> result of the last call, outcome, satisfaction of the round; otherwise they were satisfied.
ENDINGS = {
    "unreachable": (CallBack.Result.UNREACHABLE, Complaint.Outcome.UNREACHABLE, Satisfaction.UNREACHABLE),
    "unreasonable": (CallBack.Result.UNREASONABLE, Complaint.Outcome.UNREASONABLE, Satisfaction.NOT_RATED),
    "basically": (
        CallBack.Result.BASICALLY_SATISFIED,
        Complaint.Outcome.BASICALLY_SATISFIED,
        Satisfaction.BASICALLY_SATISFIED,
    ),
    "satisfied": (CallBack.Result.SATISFIED, Complaint.Outcome.SATISFIED, Satisfaction.SATISFIED),
}


@dataclass(frozen=True)
class Cast:
    """Everybody and everything the story needs, looked up once."""

    people: dict[str, User]
    departments: dict[str, Department]
    indicators: dict[str, Indicator]
    calendar: WorkCalendar
    now: datetime
    today: date

    def person(self, code: str, role: str) -> User | None:
        """Return the demo account of a department, None where it has none."""
        return self.people.get(f"{code}_{role}")


@dataclass
class Tale:
    """One complaint with everything that hangs on it."""

    columns: dict[str, Any]
    rounds: list[HandlingRound] = field(default_factory=list)
    callbacks: list[tuple[int, CallBack]] = field(default_factory=list)
    extensions: list[tuple[int, Extension]] = field(default_factory=list)
    events: list[ComplaintEvent] = field(default_factory=list)
    escalations: list[tuple[int, Escalation]] = field(default_factory=list)


class Teller:
    """Tells the story of one planned complaint; ``tale`` is the result."""

    def __init__(self, one: PlannedComplaint, cast: Cast):
        self.one, self.cast, self.calendar = one, cast, cast.calendar
        self.department = cast.departments[one.matter.department]
        self.office, self.lead = cast.people["office"], cast.people["office_lead"]
        self.clock = self.received_at()
        self.tale = Tale(self.first_columns())

    def tell(self) -> Tale:
        """Return the whole story."""
        self.event("register", "登记", self.office)
        fate = self.one.fate
        if fate in {"received", "refusal_review", "refused", "merged", "transferred"}:
            self.undispatched(fate)
            return self.tale
        self.step("accept", "受理", self.office)
        self.tale.columns |= {"status": S.ACCEPTED, "accepted_at": self.clock, "entered_status_at": self.clock}
        if fate == "accepted":
            return self.tale
        if fate in OVER:
            self.to_the_end(fate)
        else:
            self.up_to_now(fate)
        return self.tale

    # --- moments ----------------------------------------------------------------------------------

    def back(self, workdays: int) -> date:
        """Return the working day that many before the present one."""
        return self.calendar.add_workdays(self.cast.today, -workdays)

    def received_at(self) -> datetime:
        """Return when the complaint came in: its age, or just before it was dispatched."""
        fate = self.one.fate
        if fate in OVER:
            return at(self.cast.today - timedelta(days=self.one.age), self.one.minute)
        workdays = OPEN_FATES[fate][1] if fate in OPEN_FATES else 1
        return at(self.back(workdays + (self.one.serial % 5 if fate == "overdue" else 0)), self.one.minute - 20)

    def later(self, workdays: int = 0, minutes: int = 0) -> datetime:
        """Move the story's clock on, by working days and minutes, onto a working day, and return it."""
        moved = shifted_by_workdays(self.clock + timedelta(minutes=minutes), workdays, self.calendar)
        day = self.calendar.workday_on_or_after(moved.date())
        self.clock = moved if day == moved.date() else at(day, 9 * 60 + self.one.serial % 50)
        return self.clock

    def event(self, kind: str, label: str, actor: User | None, text: str = "") -> None:
        """Write a line of the timeline at the story's time."""
        self.tale.events.append(ComplaintEvent(kind=kind, label=label, text=text, at=self.clock, actor=actor))

    def step(self, kind: str, label: str, actor: User | None, text: str = "", *, workdays: int = 0) -> None:
        """Let time pass, then write the line."""
        self.later(workdays, minutes=5)
        self.event(kind, label, actor, text)

    # --- the complaint ----------------------------------------------------------------------------

    def first_columns(self) -> dict[str, Any]:
        """Return the columns as registered."""
        one, anonymous = self.one, self.one.fate == "anonymous"
        name, phone = ("", "") if anonymous else (f"{one.surname}某", one.phone)
        has_number = one.is_business and self.one.serial % 9 != 0
        return {
            "regime": Complaint.Regime.BUSINESS if one.is_business else Complaint.Regime.HOTLINE,
            "channel": one.channel,
            "type": one.matter.type,
            "relevance": Complaint.Relevance.YES if one.matter.indicator else Complaint.Relevance.UNKNOWN,
            "urgency": "urgent" if one.is_urgent else "normal",
            "grade": one.grade,
            "title": one.matter.title,
            "content": one.content,
            "place": one.place,
            "enterprise": one.enterprise,
            "indicator": self.cast.indicators.get(one.matter.indicator),
            "caller_name_sealed": seal(name),
            "caller_phone_sealed": seal(phone),
            "caller_name_masked": masked_name(name),
            "caller_phone_masked": masked_phone(phone),
            "anonymous": anonymous,
            "confidential": one.matter.type == "report",
            "received_at": self.clock,
            "registered_at": self.clock,
            "registered_by": self.office,
            "entered_status_at": self.clock,
            "status": S.RECEIVED,
            "provincial_number": f"演示省平台{one.serial:04d}" if has_number else "",
            "provincial_number_at": self.clock + timedelta(hours=2) if has_number else None,
        }

    def undispatched(self, fate: str) -> None:
        """Tell what never reached a department; merging needs the other one and is written by the loader."""
        columns = self.tale.columns
        if fate in {"refusal_review", "refused"}:
            self.step("propose_refusal", "拟不予受理", self.office, REFUSAL)
            columns |= {"status": S.REFUSAL_REVIEW, "refusal_reason": REFUSAL}
        if fate == "refused":
            self.step("agree_refusal", "同意不予受理", self.lead, workdays=1)
            approval = {"number": f"演示批准第{self.one.serial}号", "on": self.clock.date().isoformat()}
            columns |= {"status": S.REFUSED, "provincial_approval": approval if self.one.is_business else {}}
        if fate == "transferred":
            self.step("transfer", "移交", self.lead, "移交市级主管部门：不属于本县职责")
            columns |= {"status": S.TRANSFERRED, "transferred_to": "市级主管部门"}
        columns["entered_status_at"] = self.clock

    # --- rounds -----------------------------------------------------------------------------------

    def open_round(self, department: Department, *, round_no: int = 1) -> HandlingRound:
        """Dispatch, or begin again after a dissatisfied call; the limits are those of the rules."""
        if round_no == 1:
            self.step("dispatch", "派单", self.office, f"派至{department.short_name}")
        complaint = Complaint(**{key: self.tale.columns[key] for key in ("regime", "type", "urgency", "grade")})
        handle = limit_of(complaint, Stage.HANDLE, self.clock, self.calendar)
        sign = limit_of(complaint, Stage.SIGN_FOR, self.clock, self.calendar) if round_no == 1 else None
        due_at = handle.due.due_at if handle else None
        round_ = HandlingRound(
            sequence=len(self.tale.rounds) + 1,
            round_no=round_no,
            department=department,
            dispatched_at=self.clock,
            dispatched_by=self.office,
            sign_due_at=sign.due.due_at if sign else None,
            signed_at=None if sign else self.clock,
            limit_amount=handle.amount if handle else None,
            limit_unit=handle.unit if handle else "",
            limit_from=self.clock,
            due_at=due_at,
            effective_due_at=due_at,
            provisional=bool(due_at and self.calendar.is_presumed(due_at.date())),
        )
        self.tale.rounds.append(round_)
        self.department = department
        return round_

    def sign(self, round_: HandlingRound) -> None:
        """Sign for the complaint within two hours."""
        self.later(minutes=30 + self.one.serial % 60)
        round_.signed_at = self.clock
        self.event("sign_for", "签收", self.person("reporter"))

    def person(self, role: str) -> User | None:
        """Return who acts for the department that has the complaint."""
        return self.cast.person(self.department.code, role)

    def submit(self, round_: HandlingRound, *, after: int, signed: bool = True) -> None:
        """Hand in the result after that many working days, signed by the head unless told otherwise."""
        self.later(after, minutes=40)
        self.event("submit", "提交办理结果", self.person("reporter"))
        round_.inner_report, round_.public_reply, round_.is_solved = REPORT, self.one.matter.reply, True
        round_.handed_in_by = self.person("reporter")
        if signed:
            self.later(minutes=15)
            self.event("sign", "签发", self.person("head"))
            round_.submitted_at = self.clock
            self.escalate(round_, until=self.clock)

    def escalate(self, round_: HandlingRound, *, until: datetime) -> None:
        """Put the rungs on record that the round had reached ``until`` then."""
        if round_.effective_due_at is None or round_.effective_due_at >= until:
            return
        for rung, mark in overdue_marks(until, self.calendar).items():
            if round_.effective_due_at < mark:
                moment = at(self.calendar.next_workday(round_.effective_due_at.date()), 8 * 60 + 30)
                row = Escalation(rung=rung, reached_at=min(moment, until))
                self.tale.escalations.append((round_.sequence, row))

    def workdays_of(self, round_: HandlingRound) -> int:
        """Return how many working days the round's limit has."""
        if round_.effective_due_at is None:
            return 3
        return self.calendar.workdays_between(round_.dispatched_at.date(), round_.effective_due_at.date())

    def close_round(self, round_: HandlingRound, ending: str, **facts: Any) -> None:
        """End the round at the story's time."""
        round_.ending, round_.closed_at = ending, self.clock
        for name, value in facts.items():
            setattr(round_, name, value)

    def call(self, round_: HandlingRound, result: str, *, note: str = "") -> None:
        """Call the complainant on the next working day or the one after."""
        self.later(1 + self.one.serial % 2)
        solved = {"satisfied": "yes", "basically_satisfied": "yes", "dissatisfied": "no"}.get(result, "")
        row = CallBack(result=result, solved=solved, note=note, called_at=self.clock, called_by=self.office)
        self.tale.callbacks.append((round_.sequence, row))
        self.event("callback", "登记回访", self.office, CallBack.Result(result).label)

    # --- what is over -----------------------------------------------------------------------------

    def to_the_end(self, fate: str) -> None:
        """Tell the story of a complaint that was handled to its end."""
        if fate == "returned":
            self.returned_once()
        round_ = self.open_round(self.cast.departments[self.one.matter.department])
        self.sign(round_)
        if fate == "withdrawn":
            self.withdrawn(round_)
            return
        if fate == "was_suspended":
            self.stood_still(round_)
        if fate == "extended":
            self.extend(round_)
        days = max(0, round(self.workdays_of(round_) * self.one.pace) - 1)
        if fate == "late":
            days = self.workdays_of(round_) + 1 + self.one.serial % 6
        self.submit(round_, after=days)
        for round_no in range(2, {"second_round": 3, "third_round": 4}.get(fate, 2)):
            round_ = self.dissatisfied(round_, round_no)
        self.finish(round_, fate)

    def returned_once(self) -> None:
        """Let a wrong department give it back."""
        others = [code for code in ("zsj", "xzfwzx", "fgw") if code != self.one.matter.department]
        round_ = self.open_round(self.cast.departments[others[self.one.serial % len(others)]])
        self.later(minutes=50)
        round_.return_requested_at = round_.signed_at = self.clock
        self.event("request_return", "申请退单", self.person("reporter"), "不属于本单位职责")
        self.step("agree_return", "同意退单", self.office, workdays=1)
        self.close_round(round_, Ending.RETURN_APPROVED)

    def withdrawn(self, round_: HandlingRound) -> None:
        """Let the complainant withdraw."""
        self.step("withdraw_complaint", "诉求人撤回", self.lead, "诉求人来电撤回", workdays=1)
        self.close_round(round_, Ending.CLOSED)
        self.closed(Complaint.Outcome.WITHDRAWN)

    def stood_still(self, round_: HandlingRound) -> None:
        """Suspend for three working days."""
        self.step("suspend", "中止", self.lead, "等待鉴定意见", workdays=1)
        self.step("resume", "恢复办理", self.lead, "中止 3 个工作日，时限相应顺延", workdays=3)
        round_.was_suspended = True
        if round_.effective_due_at is not None:
            round_.effective_due_at = shifted_by_workdays(round_.effective_due_at, 3, self.calendar)

    def extend(self, round_: HandlingRound, *, agreed: bool = True) -> None:
        """Ask for two working days more, and get them."""
        self.step("request_extension", "申请延期", self.person("head"), "申请延长 2 个工作日：需现场勘验", workdays=1)
        row = Extension(
            workdays=2,
            reason="需现场勘验",
            answer=Extension.Answer.ASKED,
            asked_by=self.person("head") or self.office,
            asked_at=self.clock,
            confirmed_by=self.person("head"),
            confirmed_at=self.clock,
        )
        self.tale.extensions.append((round_.sequence, row))
        if not agreed or round_.effective_due_at is None:
            return
        self.step("agree_extension", "同意延期", self.lead)
        row.answer, row.answered_by, row.answered_at = Extension.Answer.AGREED, self.lead, self.clock
        row.due_before = round_.effective_due_at
        row.due_after = moved_by_workdays(round_.effective_due_at, 2, self.calendar)
        round_.effective_due_at, round_.extended = row.due_after, True

    def dissatisfied(self, round_: HandlingRound, round_no: int) -> HandlingRound:
        """Let the complainant be dissatisfied; the same department begins again."""
        self.event("pass", "审核通过", self.office)
        self.call(round_, CallBack.Result.DISSATISFIED, note="问题没有解决")
        facts = {"satisfaction": Satisfaction.DISSATISFIED, "solved": HandlingRound.Solved.NO}
        self.close_round(round_, Ending.REHANDLED, **facts)
        again = self.open_round(self.department, round_no=round_no)
        if self.one.fate in OVER:
            self.submit(again, after=max(0, round(self.workdays_of(again) * self.one.pace) - 1))
        return again

    def finish(self, round_: HandlingRound, fate: str) -> None:
        """Close the complaint after its last call, or without one when nobody can be called."""
        self.later(minutes=60)
        self.event("pass", "审核通过", self.office)
        if fate == "anonymous":
            self.close_round(round_, Ending.CLOSED)
            self.closed(Complaint.Outcome.NO_CALLBACK)
            return
        usual = "basically" if self.one.serial % 6 == 0 else "satisfied"
        result, outcome, satisfaction = ENDINGS.get(fate, ENDINGS[usual])
        for _ in range(3 if fate == "unreachable" else 1):
            self.call(round_, result, note="诉求超出政策规定，已解释" if fate == "unreasonable" else "")
        solved = HandlingRound.Solved.YES if usual and fate not in ENDINGS else ""
        self.close_round(round_, Ending.CLOSED, satisfaction=satisfaction, solved=solved)
        self.closed(outcome)

    def closed(self, outcome: str) -> None:
        """Write the end on the complaint; what is older than three months is archived."""
        is_old = self.one.age > 120
        columns = {"status": S.ARCHIVED if is_old else S.CLOSED, "outcome": outcome, "closed_at": self.clock}
        if is_old:
            self.step("archive", "归档", self.office, workdays=2)
        self.tale.columns |= columns | {"entered_status_at": self.clock}

    # --- what is still open -----------------------------------------------------------------------

    def up_to_now(self, fate: str) -> None:
        """Tell the story of a complaint as far as it has come."""
        status, _ = OPEN_FATES[fate]
        round_ = self.open_round(self.department)
        if fate == "return_review":
            self.later(minutes=30)
            round_.return_requested_at = round_.signed_at = self.clock
            self.event("request_return", "申请退单", self.person("reporter"), "不属于本单位职责")
        elif status != S.DISPATCHED:
            self.sign(round_)
        if fate == "extension_asked":
            self.extend(round_, agreed=False)
        if fate == "suspended":
            self.step("suspend", "中止", self.lead, "等待鉴定意见", workdays=1)
            round_.suspended_at, round_.was_suspended = self.clock, True
        if fate == "handling_again":
            self.submit(round_, after=2)
            self.dissatisfied(round_, 2)
        if status in {S.SIGN_OFF, S.OFFICE_REVIEW, S.CALLBACK}:
            self.submit(round_, after=1, signed=status != S.SIGN_OFF)
        if status == S.CALLBACK:
            self.step("pass", "审核通过", self.office)
        self.tale.columns |= {"status": status, "entered_status_at": self.clock}
