"""Pages of long lists: counted exactly to 10,000, then 「共 10,000 条以上」 (ui.md §8)."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

PAGE_SIZE = 50
COUNTED_EXACTLY = 10_000


class Chain:
    """Rows of several querysets one after the other, each in its own order: walks over indexes instead of one sort.

    Serves ``CappedPaginator``. The parts must not share rows.

    Args:
        parts: the querysets.
        counted: for each part the querysets that divide it without a rest, each with an index of its own: counting
            "own or assisted" in one go would look at every row there is. Give each the one column of that index.
        is_sorted: no index has the order; the keys are sorted, and only the page's rows are read whole.
    """

    ordered = True

    def __init__(
        self,
        *parts: QuerySet[Any, Any],
        counted: Sequence[Sequence[QuerySet[Any, Any]]] = (),
        is_sorted: bool = False,
    ):
        self._parts, self._is_sorted = parts, is_sorted
        # Counted by their keys alone: neither joins nor a sort for a number.
        self._counted = counted or [(part.values("pk"),) for part in parts]
        self._counts: dict[int, int] = {}

    def counted(self, most: int) -> int:
        """Return how many rows there are, looking no further than ``most``."""
        found = 0
        for index in range(len(self._parts)):
            found += self._count(index, most) if found < most else 0
        return min(found, most)

    def _count(self, index: int, most: int) -> int:
        if index not in self._counts:
            found = 0
            for rows in self._counted[index]:
                found += rows.order_by()[: most - found].count() if found < most else 0
            self._counts[index] = found
        return self._counts[index]

    def __getitem__(self, wanted: slice) -> list[Any]:
        rows: list[Any] = []
        start, stop = wanted.start or 0, wanted.stop
        for index, part in enumerate(self._parts):
            if stop <= 0:
                break
            # The last part is never counted for a page; nothing comes after it. Where it has been, nobody looks for
            # more rows than it has: a search for what is nowhere reads the table once, not twice.
            is_last = index == len(self._parts) - 1
            length = self._counts.get(index, stop) if is_last else self._count(index, COUNTED_EXACTLY + 1)
            if start < length:
                rows += self._read(part, start, min(stop, length))
            start, stop = max(start - length, 0), stop - length
        return rows

    def _read(self, part: QuerySet[Any, Any], start: int, stop: int) -> QuerySet[Any, Any]:
        return part.filter(pk__in=part.values("pk")[start:stop]) if self._is_sorted else part[start:stop]


class CappedPaginator(Paginator):
    """A paginator that never counts a million rows: what lies beyond 10,000 is reached by filters."""

    object_list: Any

    def __init__(self, rows: QuerySet[Any, Any] | Chain, per_page: int = PAGE_SIZE, **kwargs):
        listed: Any = rows  # a Chain has what pages need, if not all that the stubs ask
        super().__init__(listed, per_page, **kwargs)

    @cached_property
    def _found(self) -> int:
        """How many rows there are, looking no further than one beyond what is counted."""
        if isinstance(self.object_list, Chain):
            return self.object_list.counted(COUNTED_EXACTLY + 1)
        return self.object_list.order_by()[: COUNTED_EXACTLY + 1].count()

    @cached_property
    def count(self) -> int:
        """Return the number of rows, at most 10,000."""
        return min(self._found, COUNTED_EXACTLY)

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than were counted."""
        return self._found > COUNTED_EXACTLY
