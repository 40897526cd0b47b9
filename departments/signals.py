"""Upward news of this app: upper apps listen in their ``receivers.py`` (architecture §3)."""

from django.dispatch import Signal

#: Sent by ``close_department`` inside its transaction, before the row changes: ``department``, ``on``, ``successor``.
#: A receiver that raises ``RuleViolation`` (the unit still leads an indicator) keeps the unit open.
department_closing = Signal()
