"""Rows are fetched through the user, and forgetting to do so is an error (architecture §5).

``Item.objects.all()`` may be built but not read: reading it raises ``ScopeRequired`` until somebody
has said ``visible_to(user)`` or ``unscoped("why")``. Rows reached from a row already fetched are free.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from django.db import models
from django.db.models import Q

from core.exceptions import ScopeRequired

_django_internal: ContextVar[bool] = ContextVar("django_internal", default=False)


@contextmanager
def allow_django_internals():
    """Let Django's own uniqueness checks and cascades read; they show nobody anything."""
    token = _django_internal.set(True)
    try:
        yield
    finally:
        _django_internal.reset(token)


class ScopedQuerySet(models.QuerySet):
    """A queryset that refuses to be read before its scope was chosen."""

    _scope: str | None = None

    def visible_to(self, user):
        """Return the rows ``user`` may see; nobody logged in sees none."""
        model: Any = self.model
        rows = self.filter(model.visible_q(user)) if user.is_authenticated else self.none()
        rows._scope = "user"
        return rows

    def unscoped(self, why: str):
        """Return all rows; ``why`` is for the reader of the code and must not be empty."""
        if not why:
            raise ValueError("say why every row is needed")
        rows = self._chain()  # type: ignore[attr-defined]  # Django's own, not in the stubs
        rows._scope = why
        return rows

    def _clone(self):
        clone = super()._clone()  # type: ignore[misc]
        clone._scope = self._scope
        return clone

    def _guard(self):
        below_a_scoped_row = isinstance(self._hints.get("instance"), ScopedModel)  # type: ignore[attr-defined]
        if self._scope or below_a_scoped_row or self.query.is_empty() or _django_internal.get():
            return
        raise ScopeRequired(f"{self.model.__name__}: call visible_to(user) or unscoped(why) first")


def _guarded(name):
    method = getattr(models.QuerySet, name)

    @wraps(method)
    def guarded(self, *args, **kwargs):
        # `visible | everything` must not pass on the left operand's word.
        for rows in (self, *args):
            if isinstance(rows, ScopedQuerySet):
                rows._guard()
        return method(self, *args, **kwargs)

    return guarded


_READS = ("_fetch_all", "_iterator", "aiterator", "count", "exists", "aggregate", "raw")
for _name in (*_READS, "update", "delete", "union", "__or__", "__xor__"):
    setattr(ScopedQuerySet, _name, _guarded(_name))


class ScopedModel(models.Model):
    """A row that belongs to somebody. Subclasses say in ``visible_q`` who sees it."""

    objects = models.Manager.from_queryset(ScopedQuerySet)()

    class Meta:
        abstract = True

    @classmethod
    def visible_q(cls, user) -> Q:
        """Return the condition under which ``user`` sees a row; never one that multiplies rows."""
        raise NotImplementedError(f"{cls.__name__} must say who sees its rows")

    def validate_unique(self, exclude=None):
        with allow_django_internals():
            super().validate_unique(exclude)

    def validate_constraints(self, exclude=None):
        with allow_django_internals():
            super().validate_constraints(exclude)
