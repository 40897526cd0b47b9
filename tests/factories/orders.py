"""Orders on issues, and the few states of an issue that orders and printed forms need."""

from datetime import UTC, date, datetime
from typing import Any

from indicators.models import Evidence
from supervision.models import Issue, SupervisionOrder
from supervision.selectors.details import issues_for
from supervision.services import clearance, handling, writing
from supervision.services.evidence import add_evidence
from supervision.services.orders import supervise_issue

#: Wednesday 25 November 2026, 10:00 in Xiping.
FOUND = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
DUE = date(2026, 12, 4)
TEXT = "大厅收费公示栏未更新，仍列已取消的公章刻制费和税控设备费"


def draft_of(writer, department, **facts: Any) -> Issue:
    """Return an issue in 草稿."""
    values = {"source": "open", "description": TEXT, "category": "fees", "department": department}
    return fetched(writing.write_issue(values | facts, actor=writer, now=FOUND), writer)


def registered(writer, department, **facts: Any) -> Issue:
    """Return an issue in 待交办."""
    return fetched(writing.register_issue(draft_of(writer, department, **facts), actor=writer, now=FOUND), writer)


def assigned(writer, department, **facts: Any) -> Issue:
    """Return an issue in 待签收."""
    return fetched(writing.assign_issue(registered(writer, department, **facts), actor=writer, now=FOUND), writer)


def rectifying(writer, head, **facts: Any) -> Issue:
    """Return an issue in 整改中 of the head's department."""
    issue = assigned(writer, head.department, **facts)
    handling.sign_for_issue(issue, actor=head, now=FOUND)
    plan = {"measures": "逐项核对收费目录", "person": "许琳", "due_on": DUE}
    handling.submit_plan(issue, actor=head, now=FOUND, **plan)
    return fetched(issue, writer)


def verifying(writer, head, **facts: Any) -> Issue:
    """Return an issue in 待验收."""
    issue = rectifying(writer, head, **facts)
    give_after(issue, head)
    clearance.request_clearance(issue, note="公示栏已更换", actor=head, now=FOUND)
    return fetched(issue, writer)


def give_after(issue: Issue, person, *, title: str = "新公示栏照片"):
    """Let ``person`` add a piece of evidence of after, and return how it hangs on the issue."""
    return add_evidence(issue, evidence=[piece_of(person, title=title)], phase="after", actor=person, now=FOUND)[0]


def piece_of(person, *, title: str = "新公示栏照片") -> Evidence:
    """Return a piece of evidence of ``person``, an address so that no file is needed."""
    return Evidence.objects.create(
        title=title,
        kind="photo",
        link="https://example.org/a",
        added_by=person,
        department_id=person.scope_department_id,
        added_at=FOUND,
        status="pending",
        for_review=False,
    )


def fetched(issue: Issue, user) -> Issue:
    """Return the issue as ``user``'s next request would fetch it."""
    return issues_for(user).get(pk=issue.pk)


def order_on(issue: Issue, supervisor, *, now: datetime = FOUND, due_on: date = DUE) -> SupervisionOrder:
    """Return the order ``supervisor`` issues on the issue."""
    supervise_issue(issue, requirement="三日内整改到位", due_on=due_on, actor=supervisor, now=now)
    return order_again(SupervisionOrder.objects.visible_to(supervisor).latest("pk"), supervisor)


def order_again(order: SupervisionOrder, user) -> SupervisionOrder:
    """Return the order as ``user``'s next request would fetch it."""
    related = ("form", "department", "issuer", "issued_by", "issue")
    return SupervisionOrder.objects.visible_to(user).select_related(*related).get(pk=order.pk)
