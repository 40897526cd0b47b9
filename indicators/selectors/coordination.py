"""The office's list of asks and instructions (domain §4)."""

from django.db.models import F, QuerySet

from indicators.models import CoordinationItem

S = CoordinationItem.Status
#: Built-in views of the list: code -> word and states.
VIEWS = {
    "": ("未办结", (S.OPEN, S.REPLIED)),
    "closed": ("已办结", (S.CLOSED,)),
    "all": ("全部", tuple(S)),
}


def listed_items(user) -> QuerySet[CoordinationItem]:
    """Return the items ``user`` may see, the soonest due first."""
    rows = CoordinationItem.objects.visible_to(user)
    rows = rows.select_related("indicator", "asked_by", "owner", "report__department")
    return rows.order_by(F("due_on").asc(nulls_last=True), "-asked_at", "-pk")


def matching_items(user, view: str) -> QuerySet[CoordinationItem]:
    """Return the items of one of ``VIEWS``; an unknown view is the first."""
    return listed_items(user).filter(status__in=VIEWS.get(view, VIEWS[""])[1])
