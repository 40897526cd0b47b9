"""Fields that the bodies of several resources share: required texts, rows named by code or by id."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

LONG = 4_000
LARGEST_ID = 2**63 - 1


def wanted(name: str) -> dict[str, Any]:
    """Return the sentences for a field that must be filled in: ``name`` as people call it."""
    return dict.fromkeys(("required", "blank", "null", "empty"), f"请填写{name}")


def text(name: str, longest: int = LONG, **options) -> serializers.CharField:
    """Return a required text."""
    return serializers.CharField(max_length=longest, error_messages=wanted(name), **options)


def free_text(longest: int = LONG) -> serializers.CharField:
    """Return a text that may be left out."""
    return serializers.CharField(max_length=longest, required=False, allow_blank=True)


@extend_schema_field(OpenApiTypes.STR)
class ByCode(serializers.SlugRelatedField):
    """A row named by its code; ``rows(user)`` is asked at each request."""

    default_error_messages = {"does_not_exist": "没有代码为 {value} 的{what}", "invalid": "代码应为文字"}

    def __init__(self, what: str, rows: Callable, slug_field: str = "code", **options):
        self.what, self.rows = what, rows
        super().__init__(slug_field=slug_field, **options)

    def get_queryset(self):
        return self.rows(self.context["request"].user)

    def fail(self, key, **kwargs):
        super().fail(key, what=self.what, **kwargs)


@extend_schema_field(OpenApiTypes.INT)
class ById(serializers.Field):
    """A row named by its id; ``rows(user)`` is asked at each request."""

    default_error_messages = {"does_not_exist": "没有编号为 {value} 的{what}", "invalid": "{what}应写编号（整数）"}

    def __init__(self, what: str, rows: Callable, **options):
        self.what, self.rows = what, rows
        super().__init__(**options)

    def to_internal_value(self, data):
        written = str(data)
        if isinstance(data, bool) or not (written.isascii() and written.isdigit()) or int(written) > LARGEST_ID:
            self.fail("invalid", what=self.what)
        row = self.rows(self.context["request"].user).filter(pk=int(written)).first()
        if row is None:
            self.fail("does_not_exist", value=written, what=self.what)
        return row

    def to_representation(self, value):
        return value.pk
