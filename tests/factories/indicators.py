"""Catalogue rows for tests."""

from datetime import UTC, date, datetime
from decimal import Decimal

from departments.models import Department
from indicators.models import Assignment, Evidence, EvidenceLink, Indicator, IndicatorSet, Observation, Standard
from indicators.services.catalogue_file import load_catalogue, read_catalogue

LONG_AGO = date(2020, 1, 1)
EARLIER = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)


def make_set(**fields) -> IndicatorSet:
    """Create the active set."""
    values = {"year": 2026, "name": "2026年营商环境指标体系", "active": True, "expected_first_level": 28}
    return IndicatorSet.objects.create(**values | fields)


def make_indicator(code: str, *, parent: Indicator | None = None, indicator_set=None, **fields) -> Indicator:
    """Create a node; a first-level one without ``parent``. Leaves default to 天, lower is better."""
    indicator_set = indicator_set or (parent.indicator_set if parent else IndicatorSet.objects.get(active=True))
    level = code.count(".") + 1
    values = {"name": f"指标{code}", "position": Indicator.objects.count() + 1}
    if parent is not None:
        values |= {"unit": "天", "direction": Indicator.Direction.LOWER}
    row = Indicator.objects.create(
        indicator_set=indicator_set, code=code, level=level, parent=parent, **values | fields
    )
    row.first_level = parent.first_level if parent else row
    row.save(update_fields=["first_level"])
    return row


def assign(indicator: Indicator, department, role: str = "lead", **fields) -> Assignment:
    """Make ``department`` answer for ``indicator`` since long ago."""
    return Assignment.objects.create(
        indicator=indicator, department=department, role=role, **{"valid_from": LONG_AGO} | fields
    )


def set_standard(leaf: Indicator, kind: str, value, **fields) -> Standard:
    """Give ``leaf`` a yardstick in force since long ago."""
    values = {"effective_from": LONG_AGO, "recorded_at": EARLIER, "unit": leaf.unit}
    return Standard.objects.create(indicator=leaf, kind=kind, value=Decimal(str(value)), **values | fields)


def observe(leaf: Indicator, value, as_of: date = LONG_AGO, **fields) -> Observation:
    """Give ``leaf`` an accepted value."""
    values = {"source": "import", "standing": "accepted", "entered_at": EARLIER, "accepted_at": EARLIER}
    return Observation.objects.create(
        indicator=leaf, first_level=leaf.first_level, value=Decimal(str(value)), as_of=as_of, **values | fields
    )


def make_catalogue(now: datetime = EARLIER) -> IndicatorSet:
    """Load the county's catalogue with every department it names; return the active set."""
    rows = read_catalogue()
    codes = dict.fromkeys(code for row in rows for code in [row["lead"], *row["cooperating"].split(";")] if code)
    known = set(Department.objects.values_list("code", flat=True))
    Department.objects.bulk_create(
        Department(code=code, name=f"西平县{code}", short_name=f"县{code}", official_order=order)
        for order, code in enumerate(codes, start=1)
        if code not in known
    )
    load_catalogue(rows, year=now.year, now=now)
    return IndicatorSet.objects.get(active=True)


def make_evidence(user, title: str = "燃气报装办事案例", **fields) -> Evidence:
    """Create a linked web page as evidence of ``user``'s department, waiting for review."""
    values = {"kind": "case", "link": "https://www.xiping.gov.cn/a", "status": "pending", "added_at": EARLIER}
    values |= {"department": user.department}
    return Evidence.objects.create(title=title, added_by=user, **values | fields)


def link_evidence(evidence: Evidence, indicator: Indicator, checklist_item: str = "") -> EvidenceLink:
    """Let ``evidence`` speak for ``indicator``."""
    return EvidenceLink.objects.create(
        evidence=evidence, indicator=indicator, first_level=indicator.first_level, checklist_item=checklist_item
    )
