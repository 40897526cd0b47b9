"""What waits for a department besides daily dispatch."""

from datetime import timedelta

from indicators.selectors.catalogue_to_dos import catalogue_to_dos
from indicators.services.cases import CaseText, return_case, submit_case, write_case
from indicators.services.measures import add_measure
from tests.factories.indicators import make_evidence


def titles(user, now):
    return [row.title for row in catalogue_to_dos(user, now)]


def test_department_sees_what_came_back_and_what_is_due(gas, department, office, reporter, stranger, now, today):
    make_evidence(reporter, "公示", status="returned", return_reason="缺印章")
    make_evidence(reporter, "待审的", status="pending")
    case = write_case(CaseText("零跑腿", "背景", "做法", "成效"), indicator=gas, actor=reporter, now=now)
    submit_case(case, actor=reporter, now=now)
    return_case(case, reason="成效要有数字", actor=office, now=now)
    for days in (7, 8, None):
        due_on = None if days is None else today + timedelta(days=days)
        add_measure(gas, text=f"措施 {days}", department=department, due_on=due_on, actor=office, now=now)
    assert titles(reporter, now) == ["佐证材料“公示”被退回", "典型案例“零跑腿”被退回", "措施 7"]
    assert titles(stranger, now) == titles(office, now) == []
