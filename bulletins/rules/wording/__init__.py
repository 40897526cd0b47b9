"""The text of papers, generated from a snapshot in the register of official bulletins (domain §8). Pure.

Each sentence comes from a rule; a bound number stands in it as ``{name}``, so that words and numbers are edited apart.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bulletins.models import Bulletin
from bulletins.rules.wording import daily, monthly, notice, yearly
from bulletins.rules.wording.phrases import Section, span

Kind = Bulletin.Kind
_WRITERS: Mapping[str, Callable[[Mapping[str, Any]], list[Section]]] = {
    Kind.NOTICE: notice.sections,
    Kind.BRIEF: notice.sections,
    Kind.DAILY_BRIEF: daily.sections,
    Kind.MONTHLY_COMPLAINTS: monthly.sections,
    Kind.YEARLY_REPORT: yearly.sections,
}


def sections_of(kind: str, snapshot: Mapping[str, Any]) -> list[Section]:
    """Return the sections of a paper of ``kind`` written from ``snapshot``, in their order."""
    return _WRITERS[kind](snapshot)


def title_of(kind: str, start: date, end: date, *, issuer: str) -> str:
    """Return the title of a paper: 发文机关 + 关于…的 + 通报 (domain §8)."""
    if kind == Kind.NOTICE:
        return f"{issuer}关于{span(start, end)}全县营商环境工作情况的通报"
    if kind == Kind.BRIEF:
        return f"{span(start, end)}全县营商环境工作情况"
    if kind == Kind.DAILY_BRIEF:
        return f"{end.month}月{end.day}日营商环境日调度快报"
    if kind == Kind.MONTHLY_COMPLAINTS:
        return f"{issuer}关于{start.year}年{start.month}月营商环境投诉办理情况的通报"
    return f"西平县{start.year}年度优化营商环境工作情况报告"


__all__ = ["Section", "sections_of", "title_of"]
