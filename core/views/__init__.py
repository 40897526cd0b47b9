"""Bases of every HTML door: they fetch through the user, call one service and present."""

from core.access import ANY_USER
from core.views.base import ActView, FormPage, PageView, TransitionView

__all__ = ["ANY_USER", "ActView", "FormPage", "PageView", "TransitionView"]
