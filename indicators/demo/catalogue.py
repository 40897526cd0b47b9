"""What stands around the reports: invented standards, first values, duties by role, the work plan."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from indicators.demo.content import LeafStory, Story
from indicators.demo.history import Cast, accepted_value
from indicators.models import Assignment, Measure, Observation, Standard
from indicators.services.catalogue_file import CATALOGUE_DAY
from indicators.services.indicators import approve_constraint, propose_constraint
from indicators.services.measures import add_measure, note_measure, set_measure_state
from indicators.services.standards import Yardstick, add_standard

ASSUMED = "演示假设"
#: Whose figure an invented frontier is: nobody's, and it says so.
FRONTIER_PLACE = "先进县区（演示假设）"
CONSTRAINT = ("A13", "县域内无海关查验场所，进出口数据由海关按季提供")


def set_standards(leaves: Mapping[str, LeafStory], cast: Cast, *, now: datetime) -> int:
    """Give each leaf the standards its story invents, marked 演示假设; return how many."""
    count = 0
    for leaf in leaves.values():
        for kind, value in leaf.standards.items():
            yardstick = Yardstick(
                kind=kind,
                value=value,
                effective_from=CATALOGUE_DAY,
                place=FRONTIER_PLACE if kind == Standard.Kind.FRONTIER else "",
                source=ASSUMED,
                origin=Standard.Origin.DEMONSTRATION,
            )
            add_standard(cast.indicators[leaf.code], yardstick, actor=cast.office, now=now)
            count += 1
    return count


def set_first_values(leaves: Mapping[str, LeafStory], cast: Cast, *, as_of: date, now: datetime) -> None:
    """Give each leaf without a county figure the value with which its story begins."""
    Observation.objects.bulk_create(
        accepted_value(
            cast.indicators[leaf.code],
            leaf.start,
            entered_by=cast.office,
            entered_at=now,
            accepted_by=cast.office,
            accepted_at=now,
            as_of=as_of,
            source=Observation.Source.IMPORT,
            reason=ASSUMED,
        )
        for leaf in leaves.values()
        if leaf.start is not None
    )


def approve_constraints(cast: Cast, *, today: date, now: datetime) -> None:
    """Put one objective constraint forward and let it be approved for half a year."""
    code, reason = CONSTRAINT
    indicator = cast.indicators[code]
    propose_constraint(indicator, reason=reason, expires_on=today + timedelta(days=180), actor=cast.office, now=now)
    approve_constraint(indicator, actor=cast.people["office_lead"], now=now + timedelta(hours=3))


def name_people(cast: Cast) -> None:
    """Put roles where names would stand, and the demo accounts as reporter and backup."""
    leads = Assignment.objects.filter(role=Assignment.Role.LEAD, valid_to=None, indicator__in=_first_level(cast))
    for assignment in leads.select_related("department"):
        unit = assignment.department
        assignment.county_leader = "分管副县长"
        assignment.responsible_leader = f"{unit.short_name}主要负责人"
        assignment.leader_in_charge = f"{unit.short_name}分管负责人"
        assignment.direct_person = f"{unit.short_name}填报员"
        assignment.reporter = cast.people[f"{unit.code}_reporter"]
        assignment.backup_reporter = cast.people[f"{unit.code}_head"]
        assignment.save()


def _first_level(cast: Cast) -> list:
    return [indicator for indicator in cast.indicators.values() if indicator.level == 1]


def write_work_plan(stories: Mapping[str, Story], cast: Cast, *, today: date, now: datetime) -> list[Measure]:
    """Enter the measures of each indicator, with their progress; what is due behind us and noted is done."""
    measures = []
    for code, story in stories.items():
        unit = cast.leads[code]
        for told in story.measures:
            measure = add_measure(
                cast.indicators[code],
                text=told.text,
                department=unit,
                actor=cast.office,
                now=now,
                person=f"{unit.short_name}分管负责人",
                due_on=today + timedelta(days=told.due) if told.due else None,
            )
            if told.note:
                note_measure(measure, text=told.note, actor=cast.reporter(code), now=now + timedelta(days=30))
            if told.note and told.due < 0:
                set_measure_state(measure, state=Measure.Status.DONE, actor=cast.office, now=now + timedelta(days=31))
            measures.append(measure)
    return measures
