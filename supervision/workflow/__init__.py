"""Transition tables of the supervision app."""

from supervision.workflow.issues import ISSUE
from supervision.workflow.orders import ORDER

__all__ = ["ISSUE", "ORDER"]
