"""How the OpenAPI description learns what a list understands: from the view itself, so that it cannot drift."""

import django_filters
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from core.api.viewsets import ScopedViewSet

#: What a filter takes, the more particular class first.
FILTER_TYPES = (
    (django_filters.BooleanFilter, OpenApiTypes.BOOL),
    (django_filters.IsoDateTimeFilter, OpenApiTypes.DATETIME),
    (django_filters.DateFilter, OpenApiTypes.DATE),
    (django_filters.NumberFilter, OpenApiTypes.NUMBER),
)


class ContractSchema(AutoSchema):
    """Adds filters, ``ordering``, ``search`` and ``count`` to the lists of ``ScopedViewSet`` (api.md, Lists)."""

    def get_override_parameters(self) -> list:
        view = self.view
        if not isinstance(view, ScopedViewSet) or view.action != "list":
            return super().get_override_parameters()
        filters = view.filterset_class.base_filters if view.filterset_class else {}
        parameters = [filter_parameter(name, declared) for name, declared in filters.items()]
        parameters.append(OpenApiParameter("count", OpenApiTypes.BOOL, description="true 时另给总数 count"))
        if view.orderings:
            columns = [sign + name for name in view.orderings for sign in ("", "-")]
            words = f"逗号分隔，减号为倒序：{'、'.join(columns)}"
            parameters.append(OpenApiParameter("ordering", OpenApiTypes.STR, description=words))
        if view.search_fields:
            parameters.append(OpenApiParameter("search", OpenApiTypes.STR, description="各词都要出现"))
        extra = sorted(set(view.query_parameters.get("list", ())) - set(filters))
        return parameters + [OpenApiParameter(name, OpenApiTypes.STR) for name in extra]


def filter_parameter(name: str, declared: django_filters.Filter) -> OpenApiParameter:
    """Return the description of one filter of a list: its type, or its codes where they are fixed."""
    if choices := declared.extra.get("choices"):
        return OpenApiParameter(
            name, OpenApiTypes.STR, enum=[str(code) for code, _ in getattr(choices, "choices", choices)]
        )
    kind = next((kind for family, kind in FILTER_TYPES if isinstance(declared, family)), OpenApiTypes.STR)
    return OpenApiParameter(name, kind)
