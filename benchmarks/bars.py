"""The bars of quality.md for pages and calls: which bare equivalent, which share of it, which p95."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """The bare equivalent's address, and what is asked: per cent of its requests, milliseconds of the p95."""

    bare: str
    share: int
    p95: int


PAGE = Bar("/bare/page/", 40, 120)
DETAIL = Bar("/bare/page/", 40, 100)
COMPLAINT_API = Bar("/bare/api/complaints/", 100, 80)
ISSUE_API = Bar("/bare/api/issues/", 100, 80)
ISSUE_TALLY_API = Bar("/bare/api/issues/", 40, 120)
