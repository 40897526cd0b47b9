"""The list of papers: views by kind, filters, what waits for the reader first; a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Exists, OuterRef, QuerySet

from bulletins.models import Bulletin
from bulletins.selectors.receipts import receipt_counts
from bulletins.selectors.rows import COLUMNS, RowReader
from bulletins.selectors.waiting import waiting_bulletins
from core.access import Permission
from core.paging import CappedPaginator

Kind = Bulletin.Kind
PAGE_SIZE = 30
#: What the pages call each kind: 通报 is the weekly one.
KIND_WORDS: Mapping[str, str] = {
    Kind.NOTICE: "周通报",
    Kind.BRIEF: "简报",
    Kind.DAILY_BRIEF: "快报",
    Kind.MONTHLY_COMPLAINTS: "月报",
    Kind.YEARLY_REPORT: "年报",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to; empty means everything. ``year`` is that of the period's last day."""

    kind: str = ""
    status: str = ""
    year: str = ""


def narrowed(user, asked: Asked) -> QuerySet[Bulletin]:
    """Return the papers ``user`` sees under the filters; strange values narrow to nothing."""
    rows = Bulletin.objects.visible_to(user)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.year:
        rows = rows.filter(to_on__year=asked.year) if asked.year.isdecimal() else rows.none()
    return rows


def bulletin_page(rows: QuerySet[Bulletin], *, user, number: Any) -> Page:
    """Return one page of ``rows`` as plain rows: what waits for ``user`` first, then the newest period.

    Each row is that of the contract with ``kind_word``, ``waits``, and ``receipts`` (received, expected; None for
    those who do not see drafts, and for a paper that is not out).
    """
    waiting = waiting_bulletins(user).filter(pk=OuterRef("pk"))
    rows = rows.annotate(waits=Exists(waiting)).order_by("-waits", "-to_on", "-id").values(*COLUMNS, "waits")
    page = CappedPaginator(rows, PAGE_SIZE).get_page(number)
    plain = list(page.object_list)
    out = {row["id"]: row["issued_on"] for row in plain if row["status"] in Bulletin.PUBLISHED}
    counts = receipt_counts(out) if user.can(Permission.READ_BULLETIN_DRAFTS) else {}
    page.object_list = [
        row | {"kind_word": KIND_WORDS[row["kind"]], "waits": asked["waits"], "receipts": counts.get(row["id"])}
        for asked, row in zip(plain, RowReader(user).read(plain), strict=True)
    ]
    return page


def kind_counts(user) -> dict[str, int]:
    """Return how many papers of each kind wait for ``user``."""
    return dict(waiting_bulletins(user).order_by().values_list("kind").annotate(Count("pk")))


def years_of(user) -> list[int]:
    """Return the years of the papers ``user`` sees, the newest first."""
    return [day.year for day in Bulletin.objects.visible_to(user).dates("to_on", "year", order="DESC")]
