"""Who reports what on which day: a plan drawn from a seed, so that every house shows the same demonstration.

Pure: nothing is read or written. Days are counted from the latest working day, so the same story ends on
whatever day it is loaded. A moment that has not come yet has simply not happened.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from core.dates import SHANGHAI
from indicators.demo.content import LeafStory, Story

RETURN_REASON = "佐证与填报数值不符，请核对后重新上传"

#: On the latest day: neither report nor draft, each of another department. A08.2 has worst, frontier and a value.
SILENT = frozenset({"A05", "A08", "A10", "A13", "A16", "A20", "A28"})
#: What is special about the latest day and the one before it; everybody else reports on time.
TODAY_DRAFTS = frozenset({"A24", "A26"})
TODAY_WAITING = frozenset({"A03", "A09"})
TODAY_WITH_VALUES = {
    "A12": ("A12.1", "79"),
    "A14": ("A14.4", "98.4"),
    "A18": ("A18.1.3", "982"),
    "A27": ("A27.1", "92.8"),
}
TODAY_RETURNED = "A27"
#: Whose evidence for today's value follows later (佐证待补).
EVIDENCE_LATER = "A12"
YESTERDAY_MISSING = frozenset({"A10", "A13"})
YESTERDAY_LATE = frozenset({"A15", "A28"})
YESTERDAY_RETURNED = "A21"
YESTERDAY_ASKING = "A03"
#: Earlier asks for coordination: indicator and how many working days before the latest.
PAST_ASKS = {"A06": 9, "A10": 14, "A18": 20}


@dataclass(frozen=True, slots=True)
class PlannedReport:
    """One report of the story; a moment that is None never comes.

    ``approved_at`` is None where nothing had to be approved: 今日无变化 is 已报 at once.
    """

    code: str
    day: date
    saved_at: datetime
    submitted_at: datetime | None = None
    approved_at: datetime | None = None
    returned_at: datetime | None = None
    resubmitted_at: datetime | None = None
    reapproved_at: datetime | None = None
    accepted_at: datetime | None = None
    progress: str = ""
    difficulty: str = ""
    coordination: str = "self"
    values: tuple[tuple[str, Decimal], ...] = field(default=())

    @property
    def no_change(self) -> bool:
        """Whether nothing is said but 今日无变化."""
        return not (self.progress or self.difficulty or self.values)


def at(day: date, minutes: float) -> datetime:
    """Return the moment ``minutes`` after midnight of ``day`` in Asia/Shanghai."""
    return datetime.combine(day, time(), SHANGHAI) + timedelta(minutes=int(minutes))


def dice(*parts: object) -> Random:
    """Return a source of chance that belongs to ``parts`` and is the same everywhere."""
    return Random(" ".join(map(str, parts)))  # nosec B311: invented figures, nothing secret


def _places(number: Decimal) -> int:
    """Return how many decimal places ``number`` is written with."""
    exponent = number.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def value_steps(leaf: LeafStory, positions: Sequence[int]) -> dict[int, Decimal]:
    """Return on which of ``positions`` the leaf moves to which value; the last step reaches ``current``."""
    if leaf.start is None or leaf.current is None or leaf.start == leaf.current:
        return {}
    places = max(_places(leaf.start), _places(leaf.current))
    unit = Decimal(1).scaleb(-places)
    way = leaf.current - leaf.start
    count = min(len(positions), int(abs(way) / unit))
    chosen = sorted(dice("steps", leaf.code).sample(list(positions), count))
    steps, before = {}, leaf.start
    for number, position in enumerate(chosen, start=1):
        value = (leaf.start + way * number / count).quantize(unit)
        if value != before:
            steps[position] = before = value
    return steps


def changes_by_day(leaves: Iterable[LeafStory], days: int) -> dict[tuple[str, int], list[tuple[str, Decimal]]]:
    """Return the changed values by (first-level code, position of the day) for a history of ``days`` days.

    A department looks at its figures now and then, not each at another day: the leaves of one first-level
    indicator move on the same few days.
    """
    changes: dict[tuple[str, int], list[tuple[str, Decimal]]] = defaultdict(list)
    for leaf in leaves:
        code = leaf.code.partition(".")[0]
        positions = sorted(dice("days", code).sample(range(2, days - 1), 5))
        for position, value in value_steps(leaf, positions).items():
            changes[code, position].append((leaf.code, value))
    return changes


def plan_history(
    days: Sequence[date], *, stories: Mapping[str, Story], leaves: Mapping[str, LeafStory]
) -> list[PlannedReport]:
    """Return the reports of all but the last two of ``days``, by day and catalogue order. All ran their course."""
    past = days[:-2]
    changes = changes_by_day(leaves.values(), len(past))
    plan = []
    for position, day in enumerate(past):
        for code, story in stories.items():
            chance = dice("report", code, position)
            values = tuple(changes.get((code, position), ()))
            is_asking = PAST_ASKS.get(code) == len(days) - 1 - position
            if not (values or is_asking) and chance.random() < (0.08 if code == "A13" else 0.025):
                continue  # missing
            report = _finished_report(story, day, days[position + 1], values, chance)
            if is_asking and story.ask and report.submitted_at:
                words: dict[str, Any] = {
                    "progress": story.progress[0],
                    "coordination": story.ask[0],
                    "difficulty": story.ask[1],
                }
                report = replace(report, approved_at=later(report.submitted_at, chance, 4, 30), **words)
            plan.append(report)
    return plan


def _finished_report(
    story: Story, day: date, next_day: date, values: tuple[tuple[str, Decimal], ...], chance: Random
) -> PlannedReport:
    """Return a report that ended accepted: on time, late, or returned once and put right."""
    is_late = chance.random() < 0.04
    submitted_at = at(day, chance.uniform(17 * 60 + 35, 20 * 60) if is_late else chance.triangular(515, 1045, 560))
    report = PlannedReport(story.code, day, saved_at=submitted_at, submitted_at=submitted_at, values=values)
    if values or chance.random() < 0.22:
        report = replace(report, **_words(story, chance), approved_at=later(submitted_at, chance, 4, 30))
    if values and chance.random() < 0.12:
        returned_at = at(next_day, chance.uniform(520, 560))
        resubmitted_at = later(returned_at, chance, 40, 120)
        report = replace(
            report,
            returned_at=returned_at,
            resubmitted_at=resubmitted_at,
            reapproved_at=later(resubmitted_at, chance, 5, 30),
        )
    return replace(report, accepted_at=at(next_day, chance.uniform(830, 1000)))


def _words(story: Story, chance: Random) -> dict[str, Any]:
    """Return what is written on a report that has something to say."""
    words = {"progress": chance.choice(story.progress)}
    if chance.random() < 0.15:
        words["difficulty"] = chance.choice(story.difficulty)
    return words


def later(moment: datetime, chance: Random, least: int, most: int) -> datetime:
    """Return a moment between ``least`` and ``most`` minutes after ``moment``."""
    return moment + timedelta(minutes=chance.randint(least, most))


def plan_yesterday(day: date, next_day: date, *, stories: Mapping[str, Story]) -> list[PlannedReport]:
    """Return the reports of the working day before the latest: two missing, two late, one returned, one asking."""
    plan = []
    for code, story in stories.items():
        if code in YESTERDAY_MISSING:
            continue
        chance = dice("yesterday", code)
        submitted_at = at(day, 1065 + chance.randint(0, 20) if code in YESTERDAY_LATE else chance.triangular(515, 930))
        report = PlannedReport(code, day, saved_at=submitted_at, submitted_at=submitted_at)
        is_talking = code in {YESTERDAY_RETURNED, YESTERDAY_ASKING} or chance.random() < 0.3
        if is_talking:
            report = replace(report, progress=story.progress[0], approved_at=later(submitted_at, chance, 4, 25))
        if code == YESTERDAY_ASKING and story.ask:
            report = replace(report, difficulty=story.ask[1], coordination=story.ask[0])
        if code == YESTERDAY_RETURNED:
            report = replace(report, returned_at=at(day, 1025))
        elif chance.random() < 0.75 and code not in YESTERDAY_LATE:
            report = replace(report, accepted_at=at(day, chance.uniform(960, 1048)))
        else:
            report = replace(report, accepted_at=at(next_day, chance.uniform(515, 545)))
        plan.append(report)
    return plan


def plan_today(day: date, *, stories: Mapping[str, Story]) -> list[PlannedReport]:
    """Return the reports of the latest working day: some silent, some drafts, some waiting, one returned."""
    plan = []
    for code, story in stories.items():
        if code in SILENT:
            continue
        chance = dice("today", code)
        submitted_at = at(day, chance.uniform(515, 600))
        report = PlannedReport(code, day, saved_at=submitted_at, submitted_at=submitted_at)
        if code in TODAY_DRAFTS:
            report = replace(report, submitted_at=None, progress=story.progress[0])
        elif code in TODAY_WAITING:
            report = replace(report, progress=story.progress[0], difficulty=story.difficulty[0])
        elif code in TODAY_WITH_VALUES:
            leaf, value = TODAY_WITH_VALUES[code]
            report = replace(
                report,
                progress=story.progress[0],
                values=((leaf, Decimal(value)),),
                approved_at=later(submitted_at, chance, 4, 15),
                returned_at=at(day, 630) if code == TODAY_RETURNED else None,
            )
        elif chance.random() < 0.5:
            report = replace(report, accepted_at=at(day, chance.uniform(620, 680)))
        plan.append(report)
    return plan
