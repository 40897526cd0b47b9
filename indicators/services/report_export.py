"""导出 of the list of daily reports (api.md, Pages): the rows of the page, at once or by the worker."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from core.services.exports import ListExport, Parameters
from core.spreadsheets.writing import ExportColumn
from indicators.selectors.expectation import dispatch_times
from indicators.selectors.report_list import ReportLine, matching_reports, report_lines


class ReportExport(ListExport):
    """The reports a person may see under the filters of the list."""

    code = "daily_reports"
    filename = "日调度报告.xlsx"
    columns = (
        ExportColumn("日期"),
        ExportColumn("代码", 8),
        ExportColumn("指标", 24),
        ExportColumn("牵头单位", 20),
        ExportColumn("状态", 10),
        ExportColumn("今日无变化", 12),
        ExportColumn("迟报", 8),
        ExportColumn("提交时间", 20),
    )

    def count(self, user, parameters: Parameters, now: datetime) -> int:
        return matching_reports(user, single(parameters)).count()

    def rows(self, user, parameters: Parameters, now: datetime) -> Iterable[Sequence[Any]]:
        lines = report_lines(matching_reports(user, single(parameters)), times=dispatch_times())
        return (cells(line) for line in lines)


def single(parameters: Parameters) -> dict[str, Any]:
    """Return the last text of each parameter, as a page reads its address."""
    return {name: texts[-1] for name, texts in parameters.items() if texts}


def cells(line: ReportLine) -> tuple[Any, ...]:
    """Return one line of the list as the workbook's row."""
    return (
        line.date,
        line.code,
        line.name,
        line.department,
        line.status_label,
        "是" if line.no_change else "否",
        "是" if line.is_late else "否",
        line.submitted_at,
    )
