"""View sets: fetch through the user, judge in the contract's order, call one service, present."""

from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import F, Q
from django.db.models.expressions import Combinable
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet, ViewSet

from core import clock
from core.access import ANY_USER, Permission
from core.api import idempotency
from core.api.conditional import check_if_match, conditional_response, version_etag
from core.api.pagination import SortKey, sort_key
from core.api.rendering import ContractRenderer
from core.exceptions import InvalidInput, NotAllowed, field_error

#: Query parameters every list understands.
LIST_PARAMETERS = frozenset({"cursor", "page_size", "count", "ordering", "search"})


class ContractMixin(APIView):
    """What every door of the API does: declared permission, known parameters only, idempotent POSTs."""

    renderer_classes = (ContractRenderer,)
    permission: ClassVar[Permission | str] = ANY_USER
    permissions_by_action: ClassVar[dict[str, Permission]] = {}
    query_parameters: ClassVar[dict[str, Iterable[str]]] = {}

    def dispatch(self, request, *args, **kwargs):
        if not idempotency.key_of(request):
            return super().dispatch(request, *args, **kwargs)
        with transaction.atomic():  # the act and the key that remembers it
            response = super().dispatch(request, *args, **kwargs)
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                transaction.set_rollback(True)
        return response

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        self.check_role(request)
        self.refuse_unknown_parameters(request)
        self._idempotency_key = idempotency.begin(request)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        key = getattr(self, "_idempotency_key", None)
        if key is not None:
            idempotency.finish(key, response)
        return response

    def check_role(self, request) -> None:
        """Raise NotAllowed unless a role of the caller holds the permission of this action."""
        needed = self.permissions_by_action.get(getattr(self, "action", None) or "", self.permission)
        if needed != ANY_USER and not request.user.can(needed):
            raise NotAllowed("您的角色不能使用这个接口")

    def known_parameters(self) -> set[str]:
        """Return the query parameters this action understands."""
        return set(self.query_parameters.get(getattr(self, "action", None) or "", ()))

    def refuse_unknown_parameters(self, request) -> None:
        """Raise InvalidInput naming each query parameter nobody understands."""
        if request.method not in {"GET", "HEAD"}:
            return
        if unknown := sorted(set(request.query_params) - self.known_parameters()):
            errors = [field_error(name, "unknown_parameter", f"不认识的参数 {name}") for name in unknown]
            raise InvalidInput(f"不认识的参数：{'、'.join(unknown)}", code="unknown_parameter", errors=errors)

    def read_input(self, serializer_class: type[serializers.Serializer], **kwargs) -> dict[str, Any]:
        """Return the validated body; unknown body fields are ignored."""
        serializer = serializer_class(data=self.request.data, context={"request": self.request}, **kwargs)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data


class ApiViewSet(ContractMixin, ViewSet):
    """A resource that is computed, not a table."""


class ScopedViewSet(ContractMixin, GenericViewSet):
    """A scoped table: lists of plain rows, single rows with ETag, and acts.

    Subclasses set ``model``, ``list_fields`` (for ``.values()``), ``orderings`` (names of columns and expressions
    that are never null), ``search_fields``, ``filterset_class`` (django-filter) and override ``shape_list`` and
    ``present``.
    """

    model: ClassVar[Any] = None
    workflow: ClassVar[Any] = None
    filterset_class: ClassVar[Any] = None
    list_fields: ClassVar[tuple[str, ...]] = ()
    orderings: ClassVar[dict[str, str | Combinable]] = {}
    default_ordering: ClassVar[tuple[str, ...]] = ("pk",)
    search_fields: ClassVar[tuple[str, ...]] = ()
    cached: ClassVar[bool] = False

    def get_queryset(self):
        return self.model.objects.visible_to(self.request.user)

    # --- lists -------------------------------------------------------------------------------
    def known_parameters(self) -> set[str]:
        if self.action != "list":
            return super().known_parameters()
        filters = set(self.filterset_class.base_filters) if self.filterset_class else set()
        return super().known_parameters() | LIST_PARAMETERS | filters

    def sort_keys(self, request) -> list[SortKey]:
        """Return what the list is sorted by, the row's own key last; InvalidInput for an unknown ordering.

        The row's key runs the way of the one before, so that one index serves both directions.
        """
        asked = [name for name in request.query_params.get("ordering", "").split(",") if name]
        keys = []
        for name in asked or self.default_ordering:
            plain = name.removeprefix("-")
            column = self.orderings.get(plain) if asked else plain
            if column is None:
                raise InvalidInput.at("ordering", f"不能按 {name} 排序", code="unknown_ordering")
            keys.append(sort_key(column, is_descending=name.startswith("-")))
        ends_with_key = keys[-1].expression in (F("pk"), F("id"))
        return keys if ends_with_key else [*keys, sort_key("pk", is_descending=keys[-1].is_descending)]

    def filter_list(self, rows):
        """Return ``rows`` narrowed by the filters and the search words of the request."""
        # Building the filters' form costs as much as the page itself: only where one is asked for.
        if self.filterset_class and not set(self.filterset_class.base_filters).isdisjoint(self.request.query_params):
            filterset = self.filterset_class(self.request.query_params, queryset=rows, request=self.request)
            if not filterset.is_valid():
                raise serializers.ValidationError(filterset.errors)
            rows = filterset.qs
        return self.search_list(rows, self.request.query_params.get("search", ""))

    def search_list(self, rows, words: str):
        """Return ``rows`` that hold every word of ``words`` in one of the ``search_fields``."""
        for word in words.split():
            rows = rows.filter(Q(*((f"{field}__icontains", word) for field in self.search_fields), _connector=Q.OR))
        return rows

    def list(self, request, *args, **kwargs):
        """Answer one page of plain rows; no model instances are built."""
        rows = self.filter_list(self.get_queryset()).values(*self.list_fields)
        page = self.shape_list(self.paginate_queryset(rows) or [])
        response = self.get_paginated_response(page)
        return conditional_response(request, response.data) if self.cached else response

    def shape_list(self, rows: Sequence[dict]) -> Sequence[dict]:
        """Return the page's rows as the contract names them."""
        return rows

    # --- single rows ---------------------------------------------------------------------------
    def present(self, row) -> dict:
        """Return one row as the contract names it, with ``actions``."""
        raise NotImplementedError(f"{type(self).__name__} must present its rows")

    def respond(self, row, status: int = 200) -> Response:
        """Answer with one row and its ETag."""
        response = Response(self.present(row), status=status)
        if tag := version_etag(row):
            response["ETag"] = tag
        return response

    def retrieve(self, request, *args, **kwargs):
        """Answer one row the caller may see."""
        row = self.get_object()
        return conditional_response(request, self.present(row)) if self.cached else self.respond(row)

    def check_signature(self, name: str, row) -> None:
        """Raise NotAllowed where the act signs ``row`` and the caller has to prove again who they are."""

    def act(
        self,
        name: str,
        service: Callable,
        input_class: type[serializers.Serializer] | None = None,
        *,
        status: int = 200,
    ) -> Response:
        """Do one act in the contract's order of refusals: 404, 403, 412, 409, 400."""
        row = self.get_object()
        if self.workflow is not None:
            self.workflow.permit(name, row, actor=self.request.user)
        self.check_signature(name, row)
        check_if_match(self.request, row)
        if self.workflow is not None:
            self.workflow.check(name, row, actor=self.request.user)
        data = self.read_input(input_class) if input_class else {}
        row = service(row, actor=self.request.user, now=clock.now(), **data)
        return self.respond(row, status=status)


class ReasonInput(serializers.Serializer):
    """``{reason}``, required text."""

    reason = serializers.CharField(
        max_length=500, error_messages={"required": "请写明理由", "blank": "请写明理由", "null": "请写明理由"}
    )


class MaybeReason(serializers.Serializer):
    """``{reason?}``."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)
