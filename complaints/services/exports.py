"""The worklist as a workbook: what the page lists, names and phones masked (domain §6)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from complaints.selectors.rows import CHOICES
from complaints.selectors.worklist import narrowed
from core.selectors.calendar import work_calendar
from core.services.exports import ListExport, Parameters
from core.spreadsheets.writing import ExportColumn

#: Header -> column; the code of a column of ``CHOICES`` becomes its word.
COLUMNS = {
    "编号": "number",
    "类别": "regime",
    "渠道": "channel",
    "诉求类型": "type",
    "紧急程度": "urgency",
    "等级": "grade",
    "标题": "title",
    "企业": "enterprise",
    "地点": "place",
    "一级指标": "indicator__name",
    "诉求人": "caller_name_masked",
    "电话": "caller_phone_masked",
    "受理时间": "received_at",
    "承办单位": "department__short_name",
    "状态": "status",
    "轮次": "current_round__round_no",
    "办理时限": "due_at",
    "提交时间": "current_round__submitted_at",
    "办结时间": "closed_at",
    "办理结果": "outcome",
    "是否涉营商": "relevance",
}
WIDE = frozenset({"title", "enterprise", "place", "number", "received_at", "due_at"})


class ComplaintExport(ListExport):
    """投诉工单, under the filters of the page."""

    code = "complaints"
    filename = "投诉工单.xlsx"
    columns = tuple(ExportColumn(label, 24 if name in WIDE else 12) for label, name in COLUMNS.items())

    def count(self, user, parameters: Parameters, now: datetime) -> int:
        return self._rows(user, parameters, now).count()

    def rows(self, user, parameters: Parameters, now: datetime) -> Iterable[Sequence[Any]]:
        names = tuple(COLUMNS.values())
        words = [CHOICES.get(name, {}) for name in names]
        rows = self._rows(user, parameters, now).order_by("-received_at", "-id")
        for values in rows.values_list(*names).iterator(chunk_size=1_000):
            yield [word.get(value, value) for word, value in zip(words, values, strict=True)]

    @staticmethod
    def _rows(user, parameters: Parameters, now: datetime):
        asked = {name: texts[-1] for name, texts in parameters.items() if texts}
        return narrowed(asked, user=user, now=now, calendar=work_calendar())
