"""What a story is made of: one planned issue found, assigned and rectified through the real services.

A story is a generator: it yields the moment of its next act and does the act when it is asked to go on. The loader
lets the stories go on in the order of those moments, so that numbers are given as they would have been.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import User
from core.clock import local_date
from core.dates import WorkCalendar
from departments.models import Department
from indicators.demo.plan import at
from indicators.models import Indicator
from supervision.demo.pictures import photo
from supervision.demo.plan import PlannedIssue
from supervision.models import Inspection, Issue
from supervision.services import clearance, findings, handling, writing
from supervision.services.evidence import upload_issue_evidence

Story = Iterator[datetime]


@dataclass(frozen=True)
class Cast:
    """Everybody and everything the stories need, looked up once; ``inspections`` fills as they take place."""

    people: dict[str, User]
    departments: dict[str, Department]
    indicators: dict[str, Indicator]
    calendar: WorkCalendar
    today: date
    inspections: dict[str, Inspection] = field(default_factory=dict)

    def back(self, workdays: int) -> date:
        """Return the working day that many before the present one, negative: after it."""
        return self.calendar.add_workdays(self.today, -workdays) if workdays else self.today


class Beginning:
    """Tells the beginning of one issue's story. ``clock`` is the moment of its latest act."""

    def __init__(self, one: PlannedIssue, cast: Cast):
        self.one, self.cast, self.calendar = one, cast, cast.calendar
        self.reporter = cast.people[f"{one.matter.department}_reporter"]
        self.head = cast.people[f"{one.matter.department}_head"]
        self.inspectors = (cast.people["inspector"], cast.people["inspector2"])
        self.office, self.office_lead = cast.people["office"], cast.people["office_lead"]
        self.finder = self.inspectors[one.serial % 2]
        self.clock = at(cast.back(one.age), one.minute)
        self.pk = 0

    # --- moments and rows -------------------------------------------------------------------------

    def later(self, workdays: int = 0, minutes: int = 25) -> datetime:
        """Move the clock on by working days and minutes, and return it; hours stay those of an office."""
        day, moment = local_date(self.clock), self.clock + timedelta(minutes=minutes)
        if workdays or moment > at(day, 17 * 60):
            day = self.calendar.add_workdays(day, max(workdays, 1))
            moment = at(day, 9 * 60 + (self.one.serial * 13 + workdays * 7) % 120)
        self.clock = moment
        return moment

    def on(self, day: date, minute: int = 10 * 60) -> datetime:
        """Move the clock to that minute of ``day``, or of the next working day, and return it."""
        self.clock = max(self.clock, at(self.calendar.workday_on_or_after(day), minute + self.one.serial % 60))
        return self.clock

    def issue(self) -> Issue:
        """Return the issue as it stands now, with what its acts look at."""
        rows = Issue.objects.unscoped("the demonstration's own")
        return rows.select_related("current_round__extension", "current_round__department", "department").get(
            pk=self.pk
        )

    def act(self, service: Callable[..., Any], actor: User, **facts: Any) -> Any:
        """Let ``actor`` do one act of the services at the story's time."""
        return service(self.issue(), actor=actor, now=self.clock, **facts)

    def picture(self, *, is_after: bool):
        """Return a picture taken just before the story's time."""
        taken_at = self.clock - timedelta(minutes=18)
        return photo(self.one.matter.scene, is_after=is_after, serial=self.one.serial, taken_at=taken_at)

    # --- found and assigned -----------------------------------------------------------------------

    def facts(self) -> dict[str, Any]:
        """Return the columns as written by whoever found it."""
        matter, department = self.one.matter, self.cast.departments[self.one.matter.department]
        is_immediate = self.one.fate in {"immediate", "immediate_cleared"}
        is_long = self.one.fate in {"sustained", "review_due", "reviewed", "sustained_cleared"}
        return {
            "category": matter.category,
            "severity": matter.severity,
            "title": matter.title,
            "description": f"{matter.description}（{department.short_name}）",
            "place": f"{department.short_name}办事场所",
            "requirement": matter.requirement,
            "goal": matter.goal,
            "department": department,
            "indicator": self.cast.indicators.get(matter.indicator),
            "limit_kind": "immediate" if is_immediate else "long_term" if is_long else "deadline",
            "found_on": local_date(self.clock),
            "due_on": None if is_immediate else self.due_on(),
            "responsible_leader": "分管负责人",
        }

    def due_on(self) -> date:
        """Return by when it is to be rectified: as planned from the day of loading, or some weeks after finding."""
        if self.one.due_in is not None:
            return self.cast.back(-self.one.due_in)
        return self.calendar.add_workdays(local_date(self.clock), 12 + self.one.serial % 12)

    def found(self) -> Story:
        """Let it be found: at an inspection with photos, by the department itself, or come another way."""
        yield self.clock
        facts, assisting = self.facts(), self.helpers()
        if inspection := self.cast.inspections.get(self.one.inspection):
            kept = findings.keep_photo(self.picture(is_after=False), actor=self.finder, now=self.clock)
            issue = findings.record_finding(inspection, facts, actor=self.finder, now=self.clock, photos=[kept])
            assert issue is not None  # sent once
        else:
            writer = self.reporter if self.one.source == "self_check" else self.office
            issue = writing.write_issue(
                facts | {"source": self.one.source}, actor=writer, now=self.clock, assisting=assisting
            )
        self.pk = issue.pk

    def helpers(self) -> list[Department]:
        """Return who assists."""
        return [self.cast.departments[self.one.assisting]] if self.one.assisting else []

    def registered(self) -> Story:
        """Register it the same day."""
        yield self.later()
        self.act(writing.register_issue, self.finder)

    def assigned(self) -> Story:
        """Register and assign it on the next working day."""
        yield from self.registered()
        yield self.later(1)
        self.act(writing.assign_issue, self.office, responsible_person="业务科室负责人")

    def objected(self) -> Story:
        """Let the department say that it is not theirs."""
        yield from self.assigned()
        yield self.later(1)
        reason = "该事项职责已划转，不属于本单位，请重新交办"
        self.act(writing.object_to_issue, self.head, reason=reason)

    def withdrawn(self) -> Story:
        """Let the office take it back after signing."""
        yield from self.signed()
        yield self.later(1)
        self.act(writing.withdraw_issue, self.office_lead, reason="需调整牵头单位")

    def revoked(self) -> Story:
        """Let it turn out unfounded."""
        yield from self.registered()
        yield self.later(3)
        self.act(writing.revoke_issue, self.office_lead, reason="经核实与现行规定一致，问题不成立")

    # --- rectified --------------------------------------------------------------------------------

    def signed(self) -> Story:
        """Let the department sign for it the same day."""
        yield from self.assigned()
        yield self.later(minutes=95)
        self.act(handling.sign_for_issue, self.reporter)

    def plan_handed_in(self) -> Story:
        """Let the reporter hand in the plan on the next working day."""
        yield from self.signed()
        yield self.later(1)
        self.act(handling.submit_plan, self.reporter, measures=self.one.matter.measures, person="业务科室负责人")

    def planned(self) -> Story:
        """Let the head sign it."""
        yield from self.plan_handed_in()
        yield self.later(minutes=70)
        self.act(handling.sign_plan, self.head)

    def rectifying(self) -> Story:
        """Let the department report how it goes."""
        yield from self.planned()
        yield self.later(1)
        self.act(handling.note_progress, self.reporter, note="已召开专题会，任务分解到人，正在对照措施逐项落实。")

    def evidenced(self, workdays: int = 1) -> Story:
        """Let the reporter upload a picture of how it is now."""
        yield self.later(workdays)
        self.act(upload_issue_evidence, self.reporter, files=[self.picture(is_after=True)], phase="after")

    def cleared_for(self, *, signed: bool = True) -> Story:
        """Let the reporter ask for clearance, and the head sign it."""
        yield self.later(minutes=40)
        self.act(clearance.request_clearance, self.reporter, note=self.one.matter.done)
        if signed:
            yield self.later(minutes=60)
            self.act(clearance.sign_clearance, self.head)

    def until_asked(self, workdays: int | None = None) -> Story:
        """Rectify, upload and ask for clearance within the limit, or after ``workdays``."""
        yield from self.rectifying()
        yield from self.evidenced(self.pace() if workdays is None else workdays)
        yield from self.cleared_for()

    def pace(self) -> int:
        """Return after how many further working days the department is done, within its limit."""
        due_on = self.issue().due_on
        left = self.calendar.workdays_between(local_date(self.clock), due_on) if due_on else 8
        return max(1, min(round(left * self.one.pace), left - 1))
