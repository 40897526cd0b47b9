"""What the office's workbench adds: unreported, verdicts, constraints."""

from datetime import UTC, datetime

import pytest

from indicators.models import DailyReport, Evidence, PracticeCase
from overview.selectors.office import catalogue_size, office_to_dos
from tests.factories.indicators import assign, make_indicator, make_set

NOW = datetime(2026, 10, 12, 2, 40, tzinfo=UTC)


@pytest.fixture
def gas(department):
    make_set()
    row = make_indicator("A08", name="获得用气")
    assign(row, department)
    return row


def titles(user):
    return [row.title for row in office_to_dos(user, NOW)]


def test_office_sees_how_many_reports_are_missing_until_the_cut_off(gas, office):
    (row,) = office_to_dos(office, NOW)
    assert row.title == "10月12日日调度还有 1 项未报"
    assert row.meta == "县住建局"
    assert row.due_at == datetime(2026, 10, 12, 9, 30, tzinfo=UTC)


def test_nothing_is_missing_once_everybody_reported(gas, office, department):
    DailyReport.objects.create(
        indicator=gas,
        department=department,
        date=NOW.date(),
        status="reported",
        saved_at=NOW,
        submitted_at=NOW,
        reported_at=NOW,
        first_submitted_at=NOW,
        first_reported_at=NOW,
    )
    assert titles(office) == []


def test_constraints_wait_for_the_reviewer_only(gas, office, office_lead):
    gas.constraint_reason = "管网未通"
    gas.save()
    assert "A08 获得用气 客观制约待批准" in titles(office_lead)
    assert "A08 获得用气 客观制约待批准" not in titles(office)


def test_evidence_and_cases_wait_as_one_row_each(gas, office, department, reporter):
    for title in ("一", "二"):
        Evidence.objects.create(
            title=title,
            kind="policy",
            status="pending",
            department=department,
            added_by=reporter,
            added_at=NOW,
            link="https://example.org",
        )
    PracticeCase.objects.create(
        title="案例", indicator=gas, department=department, status="submitted", written_by=reporter, written_at=NOW
    )
    assert titles(office)[1:] == ["佐证材料 2 份待审", "典型案例 1 篇待审"]


@pytest.mark.parametrize("person", ["reporter", "head", "leader", "inspector", "sysadmin"])
def test_others_have_none_of_it(gas, request, person):
    assert titles(request.getfixturevalue(person)) == []


def test_catalogue_shows_its_size(gas, office):
    assert catalogue_size(office, NOW) == 1
