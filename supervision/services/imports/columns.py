"""The columns of the ledger as a file has them, with every name they go by, best first (workflows.md §4.2)."""

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass

from core.spreadsheets import Column
from core.spreadsheets.cells import clean, normalised, without_whitespace
from core.spreadsheets.fields import (
    CellError,
    Choice,
    Date,
    Departments,
    FieldType,
    Multiline,
    NumberId,
    Parsed,
    Source,
    Text,
)
from core.spreadsheets.writing import FORMULA_STARTS, safe_text
from departments.selectors import department_names
from indicators.models import Indicator
from supervision.models import Issue

NUMBER, FOUND_ON, DEPARTMENT, ASSISTING = "问题编号", "发现时间", "牵头单位", "配合单位"
DUE_ON, SOURCE, INSPECTION = "整改时限", "问题来源", "检查批次"


class FreeText(Multiline):
    """Text as it was written, without the apostrophe that keeps a workbook from calculating it."""

    def prepare(self, text: str, source: Source) -> str:
        return without_guard(text)


def without_guard(text: str) -> str:
    """Return cleaned ``text`` without the apostrophe ``safe_text`` puts before what looks like a formula."""
    guarded = text.startswith("'") and text[1:].startswith(FORMULA_STARTS)
    return clean(text[1:]) if guarded else text


def as_read(text: str) -> str:
    """Return what reading a cell gives that was written with ``text``."""
    return without_guard(clean(safe_text(text)))


class DueOn(Date):
    """A day, or the phrases ledgers put in its place: 立行立改 (the kind of limit), 2026年底前 (the day).

    The value is a day or a code of ``Issue.LimitKind``.
    """

    _BY_END_OF = re.compile(r"(\d{4})年(?:(\d{1,2})月)?(?:底|末)(?:以?前)?", re.ASCII)
    _KINDS = {label: code for code, label in Issue.LimitKind.choices if code != Issue.LimitKind.DEADLINE}

    def read(self, value: object, text: str, source: Source) -> Parsed:
        if isinstance(value, str):
            phrase = without_whitespace(text)
            if match := self._BY_END_OF.fullmatch(phrase):
                return Parsed(last_day(int(match[1]), int(match[2] or 12)))
            if kind := next((code for label, code in self._KINDS.items() if phrase.startswith(label)), None):
                return Parsed(kind)
        return super().read(value, text, source)


def last_day(year: int, month: int) -> dt.date:
    """Return the last day of a month; CellError for a month that does not exist."""
    if not (1 <= month <= 12 and 2000 <= year <= 2100):
        raise CellError("invalid_date", "日期无法识别，请写成 2026-03-05")
    return dt.date(year, month, monthrange(year, month)[1])


@dataclass(frozen=True, slots=True)
class KnownIndicator:
    """An indicator a cell may name."""

    pk: int
    code: str


class IndicatorName(FieldType):
    """An indicator by code, by code and name as the ledger prints it, or by name or alias."""

    def __init__(self, by_name: Mapping[str, KnownIndicator]):
        self._by_name = by_name

    def read(self, value: object, text: str, source: Source) -> Parsed:
        key = without_whitespace(text)
        found = self._by_name.get(key) or self._by_name.get(_leading_code(key))
        if found is None:
            raise CellError("unknown_indicator", f"指标目录中没有“{text}”，请填指标代码，如 A08.2")
        return Parsed(found)


def _leading_code(key: str) -> str:
    match = re.match(r"[A-Za-z]\d+(?:\.\d+)*", key, re.ASCII)
    return match[0] if match else ""


def known_indicators() -> dict[str, KnownIndicator]:
    """Return every name a file may call an indicator by; the set in force wins over earlier ones. One query."""
    found: dict[str, KnownIndicator] = {}
    rows = Indicator.objects.order_by("indicator_set__active", "indicator_set__year", "-level", "-code")
    for pk, code, name, aliases in rows.values_list("pk", "code", "name", "aliases"):
        for text in (*aliases, name, f"{code}{name}", code):
            found[without_whitespace(normalised(text))] = KnownIndicator(pk, code)
    return found


def by_label(choices, **further: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return the words for each code: its label, then ``further`` ones."""
    return {code: (label, *further.get(code, ())) for code, label in choices}


def ledger_columns(on: dt.date, mapping: Mapping[str, str]) -> list[Column]:
    """Return the columns as of ``on``; ``mapping``: unit names the user has mapped → code."""
    units = Departments(department_names(on, mapping))
    severities = by_label(Issue.Severity.choices, normal=("轻微",), major=("较重", "较大"), severe=("重大",))
    limits = by_label(Issue.LimitKind.choices, deadline=("限期整改",), staged=("分期", "分阶段"))
    return [
        Column("number", NUMBER, NumberId(), ("编号", "台账编号"), note="新问题留空，由系统编号"),
        Column("found_on", FOUND_ON, Date(), ("发现日期", "检查日期", "检查时间"), required=True),
        Column("source", SOURCE, Choice(by_label(Issue.Source.choices), label=SOURCE), ("来源",)),
        Column("inspection", INSPECTION, Text(120), ("批次",), note="填检查批次的名称"),
        Column("indicator", "涉及指标", IndicatorName(known_indicators()), ("指标", "一级指标", "指标代码")),
        Column("description", "问题描述", FreeText(), ("存在问题", "发现问题", "问题内容", "问题"), required=True),
        Column("place", "发现地点", FreeText(120), ("地点", "检查地点")),
        Column("requirement", "整改要求", FreeText(), ("整改要求和建议", "整改建议")),
        Column(
            "category", "问题类型", Choice(by_label(Issue.Category.choices), label="问题类型"), ("问题类别", "类型")
        ),
        Column("severity", "严重程度", Choice(severities, label="严重程度"), ("程度",)),
        Column("department", DEPARTMENT, units, ("责任单位", "被检查单位", "整改单位"), required=True),
        Column("assisting", ASSISTING, units, ("协办单位", "配合部门")),
        Column("responsible_leader", "责任领导", FreeText(60), ("牵头领导", "分管领导")),
        Column("responsible_person", "责任人", FreeText(60), ("直接责任人", "整改责任人")),
        Column("goal", "整改目标", FreeText(300), ("目标",)),
        Column("limit_kind", "时限类型", Choice(limits, label="时限类型"), ("整改时限类型", "整改方式")),
        Column(
            "due_on", DUE_ON, DueOn(), ("整改期限", "完成时限", "限期"), note="日期，或“立行立改”“长期坚持”“2026年底前”"
        ),
        Column("remark", "备注", FreeText(), ("说明",)),
    ]
