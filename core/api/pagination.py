"""Cursor pages ``{next, previous, results}`` with an exact count on request (api.md, Lists)."""

from rest_framework.pagination import CursorPagination
from rest_framework.response import Response


class CursorPages(CursorPagination):
    """50 rows a page, at most 200; ``?count=true`` adds ``count``; ``ordering=`` as the view allows."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = ("pk",)
    count: int | None = None

    def paginate_queryset(self, queryset, request, view=None):
        self.count = queryset.count() if request.query_params.get("count") in {"true", "1"} else None
        return super().paginate_queryset(queryset, request, view)

    def get_ordering(self, request, queryset, view):
        return tuple(view.ordering_in_force(request))

    def get_paginated_response(self, data):
        body = {"next": self.get_next_link(), "previous": self.get_previous_link(), "results": data}
        if self.count is not None:
            body["count"] = self.count
        return Response(body)

    def get_paginated_response_schema(self, schema):
        answer = super().get_paginated_response_schema(schema)
        answer["properties"]["count"] = {"type": "integer", "description": "只在 count=true 时给出"}
        return answer
