"""A week with something in every part of the paper, and papers walked to their states."""

from dataclasses import dataclass
from datetime import date, datetime

import pytest

from bulletins.models import Bulletin
from bulletins.services import drafting, review
from core.dates import SHANGHAI, parse_period
from tests.factories.complaints import Cast, complaint_at
from tests.factories.dispatch import make_gas, report_at, value
from tests.factories.due_issues import due_issue
from tests.factories.indicators import observe, set_standard

#: ISO week 47 of 2026 and the Monday after, when its paper is drafted.
WEEK = parse_period("2026W47")
MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=SHANGHAI)


def moment(day: date, hour: int) -> datetime:
    """Return a moment of ``day`` in Shanghai."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class People:
    """Who acts in these tests."""

    office: object
    office_lead: object
    signer: object
    reporter: object
    head: object
    inspector: object
    department: object


@pytest.fixture
def people(office, office_lead, signer, reporter, head, inspector, department) -> People:
    """Return everybody the way of a paper needs."""
    return People(office, office_lead, signer, reporter, head, inspector, department)


@pytest.fixture
def week(people) -> People:
    """Fill the week: a value that moved, reports, complaints closed, open and late, issues open and cleared."""
    gas = make_gas(people.department)
    leaf = gas.children.get(code="A08.1")
    for kind, figure in (("worst", 20), ("frontier", 2), ("target", 4)):
        set_standard(leaf, kind, figure)
    observe(leaf, 9, date(2026, 11, 2))
    report_at(
        "accepted",
        gas,
        reporter=people.reporter,
        head=people.head,
        office=people.office,
        day=date(2026, 11, 18),
        now=moment(date(2026, 11, 18), 9),
        values=value("6.5", reason="压减环节", evidence_later=True),
    )
    cast = Cast(people.office, people.office_lead, people.reporter, people.head, people.department)
    complaint_at("handling", cast, now=moment(date(2026, 11, 2), 10))
    complaint_at("closed", cast, now=moment(date(2026, 11, 17), 10))
    complaint_at("dispatched", cast, now=moment(date(2026, 11, 19), 10))
    issue_cast = {"inspector": people.inspector, "office_lead": people.office_lead, "head": people.head}
    due_issue("rectifying", **issue_cast, now=moment(date(2026, 11, 3), 10), due_on=date(2026, 11, 6))
    due_issue("cleared", **issue_cast, now=moment(date(2026, 11, 18), 10))
    return people


def draft_notice(people: People, *, now: datetime = MONDAY) -> Bulletin:
    """Return the week's 通报 in 草稿."""
    return drafting.draft_bulletin("notice", WEEK, actor=people.office, now=now)[0]


def issue_notice(people: People, *, now: datetime = MONDAY) -> Bulletin:
    """Return it issued."""
    bulletin = draft_notice(people, now=now)
    review.submit_bulletin(bulletin, actor=people.office, now=now)
    review.approve_bulletin(bulletin, actor=people.office_lead, now=now)
    return review.sign_bulletin(bulletin, actor=people.signer, now=now)
