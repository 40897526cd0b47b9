"""Bases of every HTML form, and the forms of the kernel's own pages."""

from core.forms.base import ActForm, MaybeReasonForm, ReasonForm, ScopedForm, paragraph

__all__ = ["ActForm", "MaybeReasonForm", "ReasonForm", "ScopedForm", "paragraph"]
