"""导出 of the list of coordination items (api.md, Pages)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from core.services.exports import ListExport, Parameters
from core.spreadsheets.writing import ExportColumn
from indicators.selectors.coordination import matching_items


class CoordinationExport(ListExport):
    """The asks and instructions a person may see, in the view of the list."""

    code = "coordination"
    filename = "协调事项.xlsx"
    columns = (
        ExportColumn("来源", 10),
        ExportColumn("代码", 8),
        ExportColumn("指标", 24),
        ExportColumn("协调层级", 14),
        ExportColumn("内容", 50),
        ExportColumn("提出单位", 20),
        ExportColumn("提出时间", 20),
        ExportColumn("承办人", 14),
        ExportColumn("办理期限"),
        ExportColumn("状态", 10),
        ExportColumn("答复", 50),
    )

    def count(self, user, parameters: Parameters, now: datetime) -> int:
        return matching_items(user, view_of(parameters)).count()

    def rows(self, user, parameters: Parameters, now: datetime) -> Iterable[Sequence[Any]]:
        for item in matching_items(user, view_of(parameters)).iterator(chunk_size=1_000):
            yield (
                item.get_origin_display(),
                item.indicator.code,
                item.indicator.name,
                item.get_coordination_display(),
                item.text,
                str(item.report.department) if item.report else "",
                item.asked_at,
                item.owner.name if item.owner else "",
                item.due_on,
                item.get_status_display(),
                item.reply,
            )


def view_of(parameters: Parameters) -> str:
    """Return the view the page was in."""
    return (parameters.get("view") or [""])[-1]
