"""What the office's 工作台 adds to the to-dos of the apps: who has not reported, and what waits for its verdict."""

from datetime import datetime

from django.urls import reverse

from core.access import Permission
from core.panels import ToDo
from indicators.models import Evidence, Indicator, PracticeCase
from indicators.selectors.expectation import dispatch_times
from indicators.selectors.unreported import standing_of_day


def office_to_dos(user, now: datetime) -> list[ToDo]:
    """Return what the office does next besides reviewing reports; empty for everybody else."""
    rows = []
    if user.can(Permission.REMIND_DEPARTMENTS):
        rows += unreported(now)
    if user.can(Permission.REVIEW_EVIDENCE):
        rows += verdicts(user)
    if user.can(Permission.APPROVE_CONSTRAINTS):
        rows += constraints()
    return rows


def unreported(now: datetime) -> list[ToDo]:
    """Return one row for all reports of the report day that have not come; due at the cut-off."""
    times = dispatch_times()
    day = times.report_day(now)
    standing = standing_of_day(day, now=now, times=times)
    if not standing.missing_count:
        return []
    names = "、".join(row.department.short_name for row in standing.missing[:3])
    return [
        ToDo(
            kind="催报",
            title=f"{day.month}月{day.day}日日调度还有 {standing.missing_count} 项未报",
            url=f"{reverse('indicators:dispatch')}?date={day.isoformat()}",
            act="查看",
            due_at=times.cut_off_of(day),
            meta=f"{names}等 {len(standing.missing)} 个单位" if len(standing.missing) > 3 else names,
        )
    ]


def verdicts(user) -> list[ToDo]:
    """Return one row for the evidence and one for the cases that wait to be accepted or returned."""
    evidence = Evidence.objects.visible_to(user).filter(status=Evidence.Status.PENDING, for_review=True).count()
    cases = PracticeCase.objects.visible_to(user).filter(status=PracticeCase.Status.SUBMITTED).count()
    rows = []
    if evidence:
        rows.append(
            ToDo("佐证", f"佐证材料 {evidence} 份待审", f"{reverse('indicators:evidence')}?status=pending", "审核")
        )
    if cases:
        rows.append(ToDo("案例", f"典型案例 {cases} 篇待审", f"{reverse('indicators:cases')}?status=submitted", "审核"))
    return rows


def constraints() -> list[ToDo]:
    """Return the objective constraints proposed and not yet approved."""
    proposed = Indicator.objects.filter(indicator_set__active=True, constraint_approved_by=None)
    return [
        ToDo("制约", f"{code} {name} 客观制约待批准", reverse("indicators:detail", args=[code]), "审批")
        for code, name in proposed.exclude(constraint_reason="").values_list("code", "name")
    ]


def catalogue_size(user, now: datetime) -> int:
    """Return the number beside 指标: how many first-level indicators the active set has (ui.md §5)."""
    return Indicator.objects.filter(level=1, indicator_set__active=True).count()
