"""指标: the list as a tree, its export, the frontier register, and what the office still has to find out."""

from typing import Any

from django.urls import reverse
from django.views.generic import View

from accounts.selectors.saved_views import saved_views
from core import clock
from core.access import Permission
from core.spreadsheets.writing import ExportColumn, export_response
from core.views import PageView
from core.views.base import PermissionDeclared
from departments.selectors import departments_in_order
from indicators.models import Indicator
from indicators.rules.catalogue import can_correct_values, can_keep_catalogue
from indicators.rules.evidence import can_add_evidence
from indicators.scoring import LIGHT_WORDS
from indicators.selectors import frontier
from indicators.selectors.catalogue import CatalogueFilter, catalogue_size, matching_rows, set_of_year, tree_rows
from indicators.selectors.score_rows import ScoreRow, ScoreSheet
from indicators.selectors.scores_in_force import scores_in_force

LIST = "indicators:list"
LEVELS = (("1", "一级"), ("2", "二级"), ("3", "三级"))
#: The parameters of the list; everything that narrows it is in the address.
ASKED = ("level", "dimension", "lead", "assist", "light", "search")
#: What the workbook holds beyond the columns an import reads.
EXPORT_LABELS = (
    *("代码", "上级代码", "级别", "名称", "别名", "维度", "单位", "方向", "权重", "牵头单位", "配合单位"),
    *("基期", "最差值", "前沿值", "前沿单位", "前沿出处", "法定时限", "法定单位", "法定依据", "目标值"),
    *("当前值", "数据日期", "自评分", "覆盖率", "差距", "状态", "推定"),
)


def asked_of(request) -> CatalogueFilter:
    """Return what the address narrows the list to; a level that is no number narrows nothing."""
    asked = {name: request.GET.get(name, "").strip() for name in ASKED}
    level = asked.pop("level")
    own = (request.user.acting_for or request.user).department if request.GET.get("mine") == "1" else None
    department = own.code if own else ""
    return CatalogueFilter(**asked, department=department, level=int(level) if level in {"1", "2", "3"} else None)


def tabs_for(user, current: str) -> list[dict[str, Any]]:
    """Return the pages of the catalogue that ``user`` may open, the one of the URL name ``current`` marked."""
    pages = [("指标", LIST), ("前沿台账", "indicators:frontier")]
    if can_keep_catalogue(user):
        pages.append(("数据缺口", "indicators:setup"))
    if user.sees_all_departments or can_add_evidence(user):
        pages.append(("佐证材料", "indicators:evidence"))
    pages.append(("典型案例", "indicators:cases"))
    if can_correct_values(user):
        pages.append(("指标体系", "indicators:sets"))
    return [{"label": label, "url": reverse(name), "is_current": name == current} for label, name in pages]


class IndicatorList(PageView):
    """The catalogue as a tree, narrowed by the address."""

    permission = Permission.READ_CATALOGUE
    template_name = "indicators/indicator_list.html"

    def page_context(self, now):
        user = self.request.user
        prepared = set_of_year(self.request.GET.get("set", ""))
        sheet = scores_in_force(now, indicator_set=prepared)
        wanted = asked_of(self.request)
        found = matching_rows(sheet.rows.values(), wanted)
        return {
            "sheet": sheet,
            "rows": tree_rows(sheet, found),
            "found": len(found),
            "size": catalogue_size(sheet),
            "set_query": "" if prepared is None or prepared.active else f"?set={prepared.year}",
            "add_url": reverse("indicators:indicator_add", args=[sheet.indicator_set.pk])
            if sheet.indicator_set and can_keep_catalogue(user)
            else "",
            "asked_for": (wanted, prepared and prepared.pk),
            "asked": {name: self.request.GET.get(name, "") for name in (*ASKED, "mine")},
            "levels": LEVELS,
            "may_ask_own": user.scope_department_id is not None and not user.sees_all_departments,
            "is_narrowed": wanted != CatalogueFilter(),
            "dimensions": Indicator.Dimension.choices,
            "lights": list(LIGHT_WORDS.items()),
            "departments": departments_answering(sheet),
            "tabs": tabs_for(user, LIST),
            "saved_views": saved_views(user, LIST),
            "saved_page": LIST,
            "import_url": reverse("core:imports") if user.can(Permission.IMPORT_DATA) else "",
        }


def departments_answering(sheet: ScoreSheet) -> list[Any]:
    """Return the departments that lead or assist, in official order."""
    codes = {
        department.code
        for row in sheet.first_level()
        for department in ([row.lead] if row.lead else []) + list(row.assist)
    }
    rows = departments_in_order().filter(code__in=codes)
    return list(rows.values("code", "short_name"))


class IndicatorExport(PermissionDeclared, View):
    """The list as a workbook that the import of indicators reads again; it holds what the page lists."""

    permission = Permission.READ_CATALOGUE

    def get(self, request):
        sheet = scores_in_force(clock.now())
        found = matching_rows(sheet.rows.values(), asked_of(request))
        columns = [
            ExportColumn(label, 24 if label in {"名称", "前沿出处", "配合单位"} else 12) for label in EXPORT_LABELS
        ]
        return export_response("指标体系.xlsx", columns, map(exported, found))


def exported(row: ScoreRow) -> tuple[Any, ...]:
    """Return the cells of one indicator, in the order of ``EXPORT_LABELS``."""
    registered = {kind: standard for kind, standard in row.standards.items() if standard.id is not None}
    baseline, worst, frontier_, statutory, target = (
        registered.get(kind) for kind in ("baseline", "worst", "frontier", "statutory", "target")
    )
    return (
        row.code,
        row.parent,
        row.level,
        row.name,
        "；".join(row.aliases),
        Indicator.Dimension(row.dimension).label if row.dimension else None,
        row.unit,
        Indicator.Direction(row.direction).label if row.direction else None,
        row.weight,
        row.lead.name if row.lead else None,
        "；".join(department.name for department in row.assist),
        baseline and baseline.value,
        worst and worst.value,
        frontier_ and frontier_.value,
        frontier_ and frontier_.unit,
        frontier_ and (frontier_.place or frontier_.source),
        statutory and statutory.value,
        statutory and statutory.unit,
        statutory and statutory.source,
        target and target.value,
        row.reading.value,
        row.reading.as_of,
        row.shown_score,
        row.coverage,
        row.gap_text,
        LIGHT_WORDS[row.light],
        "推定" if row.assumed else None,
    )


class FrontierRegister(PageView):
    """前沿台账: every frontier with its source, and the list of gaps (未知前沿) by lead department."""

    permission = Permission.READ_CATALOGUE
    template_name = "indicators/frontier.html"

    def page_context(self, now):
        sheet = scores_in_force(now)
        unknown = frontier.unknown_frontiers(sheet)
        return {
            "sheet": sheet,
            "known": frontier.known_frontiers(sheet),
            "unknown": unknown,
            "unknown_count": sum(len(group.rows) for group in unknown),
            "leaf_count": len(frontier.applicable_leaves(sheet)),
            "may_keep": can_keep_catalogue(self.request.user),
            "tabs": tabs_for(self.request.user, "indicators:frontier"),
        }


class SetUp(PageView):
    """数据缺口: value, worst, frontier, target and statutory limit of every leaf, and what is missing."""

    permission = Permission.KEEP_CATALOGUE
    template_name = "indicators/setup.html"

    def page_context(self, now):
        sheet = scores_in_force(now)
        gaps = frontier.missing_figures(sheet)
        department = self.request.GET.get("lead", "")
        leaves = [row for row in frontier.applicable_leaves(sheet) if not department or is_led_by(row, department)]
        leaves.sort(key=lambda row: row.exact is not None)  # what is missing first, each part in catalogue order
        return {
            "sheet": sheet,
            "leaves": [{"row": row, "can_take_baseline": frontier.can_take_baseline(row)} for row in leaves],
            "gaps": gaps,
            "missing_count": sum(len(group.rows) for group in gaps),
            "baseline_count": sum(frontier.can_take_baseline(row) for row in sheet.leaves()),
            "asked_lead": department,
            "tabs": tabs_for(self.request.user, "indicators:setup"),
        }


def is_led_by(row: ScoreRow, code: str) -> bool:
    """Return whether the department ``code`` leads the row."""
    return row.lead is not None and row.lead.code == code
