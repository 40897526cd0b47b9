"""What waits for a department besides daily dispatch: evidence and cases that came back, measures that are due."""

from datetime import datetime, time, timedelta

from django.urls import reverse

from core.access import Permission
from core.clock import local_date
from core.dates import SHANGHAI
from core.panels import ToDo
from indicators.models import Evidence, Measure, PracticeCase

#: How long before its day a measure becomes a to-do.
AHEAD = timedelta(days=7)


def catalogue_to_dos(user, now: datetime) -> list[ToDo]:
    """Return what the person's department has to put right or finish; three queries, none for other roles."""
    if user.scope_department_id is None or not user.can(Permission.REPORT):
        return []
    return [*_returned_evidence(user), *_unfinished_cases(user), *_measures(user, now)]


def _returned_evidence(user) -> list[ToDo]:
    rows = Evidence.objects.visible_to(user).filter(
        department=user.scope_department_id, status=Evidence.Status.RETURNED
    )
    return [
        ToDo("佐证", f"佐证材料“{title}”被退回", reverse("indicators:evidence_detail", args=[pk]), "补正", meta=reason)
        for pk, title, reason in rows.values_list("pk", "title", "return_reason")
    ]


def _unfinished_cases(user) -> list[ToDo]:
    rows = PracticeCase.objects.visible_to(user).filter(
        department=user.scope_department_id, status=PracticeCase.Status.RETURNED
    )
    return [
        ToDo("案例", f"典型案例“{title}”被退回", reverse("indicators:case_detail", args=[pk]), "修改", meta=reason)
        for pk, title, reason in rows.values_list("pk", "title", "return_reason")
    ]


def _measures(user, now: datetime) -> list[ToDo]:
    rows = Measure.objects.filter(
        department=user.scope_department_id,
        progress_state=Measure.Status.OPEN,
        due_on__lte=local_date(now) + AHEAD,
        indicator__indicator_set__active=True,
    )
    return [
        ToDo(
            kind="措施",
            title=text[:60],
            url=reverse("indicators:detail", args=[code]),
            act="填写进展",
            due_at=datetime.combine(due_on, time(23, 59, 59), SHANGHAI),
            meta=f"{code} {name}",
        )
        for text, code, name, due_on in rows.values_list("text", "indicator__code", "indicator__name", "due_on")
        if due_on is not None
    ]
