"""Pages of long lists: counted exactly to 10,000, then 「共 10,000 条以上」 (ui.md §8)."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

PAGE_SIZE = 50
COUNTED_EXACTLY = 10_000


class CappedPaginator(Paginator):
    """A paginator that never counts a million rows: what lies beyond 10,000 is reached by filters."""

    object_list: QuerySet

    def __init__(self, rows: QuerySet, per_page: int = PAGE_SIZE, **kwargs):
        super().__init__(rows, per_page, **kwargs)

    @cached_property
    def _found(self) -> int:
        """How many rows there are, looking no further than one beyond what is counted."""
        return self.object_list.order_by()[: COUNTED_EXACTLY + 1].count()

    @cached_property
    def count(self) -> int:
        """Return the number of rows, at most 10,000."""
        return min(self._found, COUNTED_EXACTLY)

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than were counted."""
        return self._found > COUNTED_EXACTLY
