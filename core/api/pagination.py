"""Cursor pages ``{next, previous, results}`` with an exact count on request (api.md, Lists)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from core.api.filters import TruthField
from core.exceptions import InvalidInput

#: Without the time of signing, so that a page that has not changed is the same page (``ETag``).
SIGNER = signing.Signer(salt="core.api.cursor")


class SortKey(NamedTuple):
    """What a list is sorted by: an expression that is never null, and the way it runs."""

    expression: Combinable
    is_descending: bool


class Cursor(NamedTuple):
    """Where a page begins: behind the row with these keys, or before it."""

    is_back: bool
    values: list


class CursorPages(CursorPagination):
    """50 rows a page, at most 200; ``?count=true`` adds ``count``; ``ordering=`` as the view allows.

    A cursor holds all sort keys of a row, its own key last, and is signed. So no page loses or repeats a row, however
    many are equal in the first key and whatever comes or goes meanwhile, and the last page costs what the first does.
    Rows are those of ``.values()``; the view gives the keys as ``sort_keys``.
    """

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    count: int | None = None
    address = ""
    order = ""
    next_link: str | None = None
    previous_link: str | None = None

    def paginate_queryset(self, queryset, request, view=None):
        """Return the rows of the page that ``request`` asks for."""
        assert view is not None
        self.count = queryset.count() if self.wants_count(request) else None
        size, keys = self.get_page_size(request), view.sort_keys(request)
        named = {f"cursor_{place}": key.expression for place, key in enumerate(keys)}
        self.address, self.order = request.build_absolute_uri(), request.query_params.get("ordering", "")
        cursor = self.read_cursor(request, len(keys))
        is_back = cursor is not None and cursor.is_back
        ways = [key.is_descending != is_back for key in keys]
        rows: QuerySet = queryset.annotate(**named)
        rows = rows.order_by(*(("-" if down else "") + name for name, down in zip(named, ways, strict=True)))
        if cursor is not None:
            rows = rows.filter(_behind(cursor.values, ways))
        found = list(rows[: size + 1])
        has_more, page = len(found) > size, found[:size]
        if is_back:
            page.reverse()
        places = [[row.pop(name) for name in named] for row in page]
        if places and (has_more or is_back):
            self.next_link = self.link(Cursor(False, places[-1]))
        if places and (has_more if is_back else cursor is not None):
            self.previous_link = self.link(Cursor(True, places[0]))
        return page

    @staticmethod
    def wants_count(request) -> bool:
        """Return whether the caller asks for the number of rows; InvalidInput for what is neither yes nor no."""
        try:
            return bool(TruthField(required=False).clean(request.query_params.get("count", "")))
        except ValidationError as error:
            raise InvalidInput.at("count", f"count {error.messages[0]}") from None

    def get_page_size(self, request) -> int:
        """Return how many rows the caller wants, at most 200; InvalidInput for what is no number above 0."""
        text = request.query_params.get(self.page_size_query_param, str(self.page_size))
        if not (text.isascii() and text.isdecimal() and text.strip("0")):
            raise InvalidInput.at("page_size", "page_size 应为 1 到 200 的整数")
        return min(int(text[:9]), self.max_page_size)

    def read_cursor(self, request, length: int) -> Cursor | None:
        """Return where the page begins, None for the first; InvalidInput for a cursor this order never gave out."""
        if (text := request.query_params.get(self.cursor_query_param)) is None:
            return None
        try:
            order, is_back, values = SIGNER.unsign_object(text)
        except (signing.BadSignature, ValueError):
            order, is_back, values = None, False, []
        if order != self.order or len(values) != length:
            raise InvalidInput.at("cursor", "cursor 无效，请从第一页重新读取", code="invalid_cursor")
        return Cursor(is_back, values)

    def link(self, cursor: Cursor) -> str:
        """Return the address of the page that begins at ``cursor``."""
        values = [value if isinstance(value, int) else str(value) for value in cursor.values]
        text = SIGNER.sign_object([self.order, cursor.is_back, values])
        return replace_query_param(self.address, self.cursor_query_param, text)

    def get_paginated_response(self, data):
        body = {"next": self.next_link, "previous": self.previous_link, "results": data}
        if self.count is not None:
            body["count"] = self.count
        return Response(body)

    def get_paginated_response_schema(self, schema):
        answer = super().get_paginated_response_schema(schema)
        answer["properties"]["count"] = {"type": "integer", "description": "只在 count=true 时给出"}
        return answer


def sort_key(column: str | Combinable, *, is_descending: bool) -> SortKey:
    """Return the key of a column's name or of an expression over columns."""
    return SortKey(F(column) if isinstance(column, str) else column, is_descending)


def _behind(values: Sequence[Any], ways: Sequence[bool]) -> Q:
    """Return the condition of sorting behind the row with these keys; the bound on the first one leads an index."""
    beyond = [
        (Q((f"cursor_{place}__{'lt' if down else 'gt'}", value)), Q((f"cursor_{place}", value)))
        for place, (value, down) in enumerate(zip(values, ways, strict=True))
    ]
    condition = beyond[-1][0]
    for after, equal in reversed(beyond[:-1]):
        condition = after | (equal & condition)
    return Q((f"cursor_0__{'lte' if ways[0] else 'gte'}", values[0])) & condition
