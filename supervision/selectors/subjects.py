"""What an accountability record may be about, found by its number; apps above add theirs by ``register_subject_kind``."""

from collections.abc import Callable
from dataclasses import dataclass

from supervision.models import Issue, SupervisionOrder


@dataclass(frozen=True, slots=True)
class KnownSubject:
    """An issue, an order or a row of an app above, as a record keeps it.

    Attributes:
        title: for a confidential complaint 「保密件」.
        url: its page.
        departments: keys of those that lead or assist it, or did.
        issue, order: the row itself where it lies in this app.
        lies_above: whether its timeline belongs to an app above (``signals.subject_touched``).
    """

    number: str
    title: str
    url: str
    departments: frozenset[int]
    issue: Issue | None = None
    order: SupervisionOrder | None = None
    lies_above: bool = False


Finder = Callable[[object, str], KnownSubject | None]
_finders: list[Finder] = []


def register_subject_kind(finder: Finder) -> None:
    """Let ``finder(user, number)`` give the row of that number among those ``user`` sees, None without one."""
    if finder not in _finders:
        _finders.append(finder)


def subject_by_number(user, number: str) -> KnownSubject | None:
    """Return what carries ``number`` among issues, orders and the registered kinds ``user`` sees."""
    number = number.strip()
    for finder in (_issue, _order, *_finders):
        if number and (found := finder(user, number)) is not None:
            return found
    return None


def _issue(user, number: str) -> KnownSubject | None:
    issue = Issue.objects.visible_to(user).filter(number=number).prefetch_related("assisting").first()
    if issue is None:
        return None
    held = set(issue.rounds.values_list("department", flat=True))
    units = held | {unit.pk for unit in issue.assisting.all()}
    if issue.department_id is not None:
        units.add(issue.department_id)
    return KnownSubject(number, issue.title, issue.get_absolute_url(), frozenset(units), issue=issue)


def _order(user, number: str) -> KnownSubject | None:
    order = SupervisionOrder.objects.visible_to(user).filter(number=number).select_related("issue").first()
    if order is None:
        return None
    units = frozenset({order.department_id})
    return KnownSubject(number, order.subject_title, order.get_absolute_url(), units, issue=order.issue, order=order)
