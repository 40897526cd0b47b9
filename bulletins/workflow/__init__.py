"""Transition tables of the bulletins app."""

from bulletins.workflow.bulletins import BULLETIN

__all__ = ["BULLETIN"]
