"""The transition tables of the app, one module per stateful model."""

from indicators.workflow.cases import PRACTICE_CASE
from indicators.workflow.coordination import COORDINATION
from indicators.workflow.daily_reports import DAILY_REPORT
from indicators.workflow.evidence import EVIDENCE

__all__ = ["COORDINATION", "DAILY_REPORT", "EVIDENCE", "PRACTICE_CASE"]
