"""What was found where, and what became of it: drawn by a fixed seed, so that two loads tell the same story."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from random import Random

MATTERS = Path(__file__).parent / "data" / "matters.csv"
SEED = 2026
#: Sources of what no inspection found.
OTHER_SOURCES = (
    *(
        "public_report",
        "hotline",
        "superior",
        "npc",
        "special_supervisor",
        "visit",
        "audit",
        "media",
        "superior",
        "visit",
    ),
)


@dataclass(frozen=True, slots=True)
class Fate:
    """Where an issue ends, or stands.

    ``age`` is how many working days before loading it was found, for what is over the span it is drawn from;
    ``due_in`` how many working days after loading (negative: before) it is due, None where the story says when.
    """

    name: str
    count: int
    age: tuple[int, int]
    due_in: tuple[int, int] | None = None


FATES: tuple[Fate, ...] = (
    # Not yet with a department.
    Fate("draft", 4, (2, 2)),
    Fate("self_check", 1, (2, 2)),
    Fate("registered", 3, (3, 3)),
    Fate("objected", 2, (5, 5), (9, 9)),
    Fate("withdrawn", 1, (7, 7), (9, 9)),
    Fate("revoked", 3, (30, 200)),
    # With a department.
    Fate("assigned", 4, (3, 3), (7, 12)),
    Fate("assigned_overdue", 1, (12, 12), (-2, -2)),
    Fate("planning", 4, (4, 4), (7, 12)),
    Fate("plan_handed_in", 3, (5, 5), (6, 10)),
    Fate("immediate", 2, (3, 3)),
    Fate("rectifying", 9, (12, 12), (4, 15)),
    Fate("nearly_due", 4, (12, 12), (0, 1)),
    Fate("overdue", 3, (15, 15), (-1, -1)),
    Fate("overdue_pressed", 3, (18, 18), (-4, -4)),
    Fate("overdue_long", 3, (27, 27), (-12, -6)),
    Fate("extension_unconfirmed", 1, (12, 12), (4, 4)),
    Fate("extension_asked", 2, (12, 12), (3, 5)),
    Fate("extension_agreed", 2, (18, 18), (2, 2)),
    Fate("extension_refused", 1, (15, 15), (1, 1)),
    Fate("failed", 2, (15, 15), (4, 6)),
    Fate("clearance_handed_in", 2, (12, 12), (3, 5)),
    Fate("relapsed", 3, (38, 40)),
    Fate("verifying", 4, (12, 12), (3, 6)),
    Fate("verified_once", 3, (12, 12), (3, 6)),
    Fate("verify_late", 2, (20, 20), (2, 4)),
    # Watched on.
    Fate("sustained", 5, (55, 70)),
    Fate("review_due", 2, (80, 84)),
    Fate("reviewed", 2, (150, 160)),
    # Cleared.
    Fate("cleared", 12, (60, 230)),
    Fate("late", 4, (60, 200)),
    Fate("extended", 4, (60, 220)),
    Fate("failed_once", 4, (60, 220)),
    Fate("immediate_cleared", 4, (40, 220)),
    Fate("relapsed_cleared", 4, (130, 210)),
    Fate("sustained_cleared", 2, (190, 210)),
    Fate("look_back_today", 2, (45, 45)),
    Fate("look_back_missed", 3, (48, 55)),
)


@dataclass(frozen=True, slots=True)
class Matter:
    """What may be found at a department, and how it is put right."""

    category: str
    severity: str
    indicator: str
    department: str
    scene: str
    title: str
    description: str
    requirement: str
    goal: str
    measures: str
    done: str


@dataclass(frozen=True, slots=True)
class PlannedInspection:
    """One inspection; ``age`` is working days before loading, negative for one that lies ahead.

    ``categories`` are those of its findings, as far as there are such matters left.
    """

    key: str
    kind: str
    title: str
    age: int
    days: int
    places: str
    indicators: str
    categories: str


INSPECTIONS: tuple[PlannedInspection, ...] = tuple(
    PlannedInspection(*row)
    for row in (
        (
            *("assessment", "third_party", "年度营商环境第三方评估", 200, 8),
            "县行政服务中心、县产业集聚区、各窗口单位",
            *("A01 A03 A05 A14 A17 A18", "procedures evidence timeliness"),
        ),
        (
            *("utilities", "open", "承诺时限落实情况明察", 165, 2),
            "供电、供水、燃气营业厅，各审批窗口",
            *("A03 A06 A07 A08", "timeliness fees"),
        ),
        (
            *("windows", "covert", "窗口服务暗访", 132, 1),
            "县行政服务中心、县不动产登记中心、县医保局窗口",
            *("A09 A18 A22", "attitude procedures"),
        ),
        (
            *("arrears", "special", "拖欠企业账款和保证金专项督查", 98, 3),
            "县财政局、县公共资源交易中心",
            *("A04 A05 A27", "policy"),
        ),
        (
            *("disclosure", "open", "政务公开和惠企政策落实明察", 66, 2),
            "县直有关单位、县产业集聚区",
            *("A18 A21 A27", "disclosure policy"),
        ),
        (
            *("second_windows", "covert", "第二轮窗口服务暗访", 12, 1),
            "县行政服务中心及各分厅、营业厅",
            *("A17 A18 A22", "attitude other procedures timeliness"),
        ),
        (
            *("enforcement", "special", "涉企执法检查专项督查", 2, 1),
            "县产业集聚区企业、各执法单位",
            *("A17 A26 A28", "fees procedures disclosure"),
        ),
        ("return_visit", "look_back", "已销号问题回头看", -6, 2, "已销号问题责任单位", "A18 A22", "attitude"),
    )
)


@dataclass(frozen=True, slots=True)
class PlannedIssue:
    """One issue: what, whose, and its fate."""

    serial: int
    matter: Matter
    fate: str
    age: int
    due_in: int | None
    minute: int
    inspection: str
    source: str
    pace: float
    assisting: str


def matters(path: Path = MATTERS) -> list[Matter]:
    """Return every matter of the file at each of its departments, written ``code:indicator``."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    places = [(row, place) for row in rows for place in row.pop("departments").split()]
    return [
        Matter(department=department, indicator=indicator, **row)
        for row, (department, indicator) in ((row, place.split(":")) for row, place in places)
    ]


def plan_issues() -> list[PlannedIssue]:
    """Return the issues of twelve months, 120 of them, in the order of ``FATES``."""
    return list(_draw(Random(SEED), matters()))  # a story, nothing secret  # nosec B311


def _draw(dice: Random, known: list[Matter]) -> Iterator[PlannedIssue]:
    left: list[Matter] = []
    helpers = sorted({one.department for one in known})
    for serial, fate in enumerate(chain.from_iterable([one] * one.count for one in FATES)):
        left = left or dice.sample(known, len(known))
        age = dice.randint(*fate.age)
        inspection = _inspection_near(age, 1.0 if fate.name == "draft" else 0.7, dice)
        if inspection is not None and fate.age[0] != fate.age[1]:
            age = max(fate.age[0], inspection.age)
        found_by = inspection if inspection is not None and inspection.age == age else None
        if fate.name == "self_check":
            found_by = None
        matter = _taken(left, found_by)
        yield PlannedIssue(
            serial=serial,
            matter=matter,
            fate=fate.name,
            age=age,
            due_in=dice.randint(*fate.due_in) if fate.due_in else None,
            minute=dice.randint(9 * 60, 11 * 60 + 20),
            inspection=found_by.key if found_by else "",
            source="self_check" if fate.name == "self_check" else dice.choice(OTHER_SOURCES),
            pace=dice.uniform(0.3, 0.8),
            assisting=dice.choice([one for one in helpers if one != matter.department]) if dice.random() < 0.25 else "",
        )


def _taken(left: list[Matter], inspection: PlannedInspection | None) -> Matter:
    """Take a matter out of those left: one of the inspection's categories where there is one."""
    wanted = inspection.categories.split() if inspection is not None else ()
    place = next((place for place, one in enumerate(left) if one.category in wanted), 0)
    return left.pop(place)


def _inspection_near(age: int, share: float, dice: Random) -> PlannedInspection | None:
    """Return the inspection of that time for that share of findings, None for what came another way."""
    near = [one for one in INSPECTIONS if one.age > 0 and abs(one.age - age) <= (20 if age > 40 else 0)]
    return near[0] if near and dice.random() < share else None
