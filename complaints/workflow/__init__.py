"""Transition tables of the complaints app."""

from complaints.workflow.complaints import COMPLAINT

__all__ = ["COMPLAINT"]
