"""Bases of every HTML form, and the forms of the kernel's own pages."""

from core.forms.base import ReasonForm, ScopedForm

__all__ = ["ReasonForm", "ScopedForm"]
