"""Letting the demonstration's stories take place, in the order of time, once per database."""

import heapq
import io
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from docx import Document

from accounts.models import Message, User
from core.audit import record_event
from core.clock import local_date
from core.exceptions import RuleViolation
from core.ledger import claim_run
from core.selectors.calendar import work_calendar
from departments.models import Department
from indicators.demo.plan import at
from indicators.models import Indicator
from supervision.demo.fates import Teller
from supervision.demo.plan import INSPECTIONS, PlannedInspection, plan_issues
from supervision.demo.story import Cast, Story
from supervision.models import Inspection, Issue
from supervision.services import inspections as inspecting
from supervision.services.escalation import remind_look_backs, remind_verifiers, scan_issues
from supervision.services.records import RecordFacts, keep_record

LEDGER = "demo"
#: The inboxes hold what came since; what is older was read.
UNREAD = timedelta(days=4)
#: Kind, department, title of the issue it is about, what it says, document number.
RECORDS = (
    ("praise", "overdue", "", "整改措施落实快，群众评价好", ""),
    ("praise", "cleared", "", "举一反三建立长效机制", "西营商〔演示〕2号"),
    ("summons", "overdue_long", "分管负责人", "问题长期超期，约谈分管负责人并限期整改", ""),
    ("criticism", "late", "", "超期整改，在全县范围内通报批评", "西营商〔演示〕5号"),
    ("proposal", "relapsed", "", "同类问题反弹，建议有关机关按规定问责", ""),
    ("referral", "overdue_long", "", "涉嫌违规收费线索，移送有关机关处理", ""),
)


@transaction.atomic
def load_demo_issues(*, now: datetime) -> int:
    """Let 8 inspections and 120 issues of the twelve months before the aware ``now`` take place; return how many issues.

    Once per database. Everything goes through the services at its own moment, alerts of the scheduler included.
    Raises RuleViolation when the demo accounts are not there.
    """
    cast = find_cast(now)
    if not claim_run(LEDGER, "issues", now=now):
        return 0
    tellers = [Teller(one, cast) for one in plan_issues()]
    stories: list[Story] = [hold_inspection(one, cast) for one in INSPECTIONS]
    stories += [teller.tell() for teller in tellers]
    stories.append(scheduler(min(teller.clock for teller in tellers), cast))
    take_place(stories, until=now)
    report_inspections(cast, now=now)
    keep_records(tellers, cast, now=now)
    read = Message.objects.unscoped("the demonstration's own").filter(kind__startswith="issue.")
    read.filter(created_at__lt=now - UNREAD, read_at=None).update(read_at=F("created_at"))
    issues = Issue.objects.unscoped("the demonstration's own")
    record_event(actor=None, action="supervision.demo.load", target=issues[0], after={"issues": len(tellers)}, now=now)
    return len(tellers)


def find_cast(now: datetime) -> Cast:
    """Return accounts, units and indicators of the stories."""
    people = {user.username: user for user in User.objects.filter(is_demo=True).prefetch_related("role_rows")}
    if "inspector2" not in people:
        raise RuleViolation("演示账号尚未载入，请先运行 manage.py load_demo")
    calendar = work_calendar()
    return Cast(
        people=people,
        departments={unit.code: unit for unit in Department.objects.all()},
        indicators={row.code: row for row in Indicator.objects.filter(indicator_set__active=True, level=1)},
        calendar=calendar,
        today=calendar.workday_on_or_before(local_date(now)),
    )


def take_place(stories: list[Story], *, until: datetime) -> None:
    """Let the stories go on, the earliest act first, until the aware ``until``; later acts have not happened yet."""
    waiting = [(moment, place) for place, story in enumerate(stories) if (moment := next(story, None))]
    heapq.heapify(waiting)
    while waiting:
        moment, place = heapq.heappop(waiting)
        if moment >= until:
            return
        if following := next(stories[place], None):
            heapq.heappush(waiting, (following, place))


def scheduler(start: datetime, cast: Cast) -> Story:
    """Let the scheduler run on the morning of every working day."""
    day = local_date(start)
    while day <= cast.today:
        now = at(cast.calendar.workday_on_or_after(day), 8 * 60 + 40)
        yield now
        scan_issues(now=now)
        remind_verifiers(now=now)
        remind_look_backs(now=now)
        day = cast.calendar.next_workday(local_date(now))


# --- inspections ----------------------------------------------------------------------------------


def hold_inspection(one: PlannedInspection, cast: Cast) -> Story:
    """Plan an inspection some days before it takes place."""
    planned_on, started_on = cast.back(max(one.age, 0) + 5), cast.back(one.age)
    now = at(planned_on, 8 * 60 + 45)
    yield now
    cast.inspections[one.key] = inspecting.add_inspection(
        {
            "title": one.title,
            "kind": one.kind,
            "started_on": started_on,
            "ended_on": cast.calendar.add_workdays(started_on, one.days - 1) if one.days > 1 else started_on,
            "places": one.places,
            "basis": "县委、县政府优化营商环境工作要点",
            "plan_approved_by": "县营商环境工作领导小组办公室主任",
            "plan_approved_on": planned_on,
        },
        actor=cast.people["inspector"],
        now=now,
        team=[cast.people["inspector"], cast.people["inspector2"], cast.people["office"]],
        indicators=[cast.indicators[code] for code in one.indicators.split() if code in cast.indicators],
        plan=a_document(f"{one.title}方案", ("检查内容", "检查方式", "人员分工", "工作要求"), one.places),
    )


def report_inspections(cast: Cast, *, now: datetime) -> None:
    """Attach the report of each inspection that lies behind and has no finding left in draft."""
    for one in INSPECTIONS:
        inspection = cast.inspections.get(one.key)
        if inspection is None or one.age <= 2:
            continue
        moment = min(at(cast.back(one.age - 3), 16 * 60), now)
        found = Inspection.objects.unscoped("the demonstration's own").get(pk=inspection.pk)
        report = a_document(f"{one.title}报告", ("基本情况", "发现的问题", "整改要求"), one.places)
        inspecting.change_inspection(found, actor=cast.people["inspector"], now=moment, report=report)


def a_document(title: str, headings: tuple[str, ...], places: str) -> ContentFile:
    """Return a short .docx of the demonstration."""
    document, kept = Document(), io.BytesIO()
    document.add_heading(title, level=0)
    document.add_paragraph("（演示文件）")
    for heading in headings:
        document.add_heading(heading, level=1)
        document.add_paragraph(f"范围：{places}。具体内容以正式文件为准。")
    document.save(kept)
    return ContentFile(kept.getvalue(), name=f"{title}.docx")


# --- records --------------------------------------------------------------------------------------


def keep_records(tellers: list[Teller], cast: Cast, *, now: datetime) -> None:
    """Put praise, summons and proposals on record, each about an issue of its fate."""
    by_fate: dict[str, Iterator[Teller]] = {}
    for kind, fate, person, note, document_number in RECORDS:
        left = by_fate.setdefault(fate, iter([teller for teller in tellers if teller.one.fate == fate]))
        teller, actor = next(left), cast.people["office_lead" if kind in {"praise", "criticism"} else "inspector"]
        last_act, next_morning = teller.clock, teller.later(1)
        moment = next_morning if next_morning <= now else last_act
        keep_record(
            RecordFacts(
                kind=kind,
                department=cast.departments[teller.one.matter.department],
                on=local_date(moment),
                person=person,
                document_number=document_number,
                note=note,
                subject=teller.issue().number,
            ),
            actor=actor,
            now=moment,
        )
