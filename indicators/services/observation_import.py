"""Values from a spreadsheet: accepted at commit, superseding what stood for the same day (domain §3)."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from core.audit import record_event
from core.clock import local_date
from core.exceptions import RuleViolation
from core.import_kinds import Action, ImportKind, ImportRun, Saved
from core.spreadsheets import Column, ReadRow
from core.spreadsheets.fields import CellError, Date, FieldType, Multiline, Parsed, Source, Text
from indicators.models import Indicator, Observation
from indicators.rules.report_values import NotANumber, parse_number, range_problem
from indicators.services.observations import leaf_facts

CODE, NAME, VALUE, AS_OF, REASON = "指标代码", "指标名称", "数值", "数据日期", "说明"


class ObservedValue(FieldType):
    """A figure, or 是 and 否; whether it may be a yes or no is judged when the leaf is known."""

    def read(self, value: object, text: str, source: Source) -> Parsed:
        try:
            # A spreadsheet keeps 15 significant digits; what lies beyond is binary noise.
            stated = f"{value:.15g}" if isinstance(value, float) else text.removesuffix("%")
            return Parsed(parse_number(stated, is_yes_no=True))
        except NotANumber as problem:
            raise CellError(problem.code, problem.detail) from None


class ObservationImport(ImportKind):
    """One row is the value of one leaf as of one day."""

    code = "observations"
    label = "指标数值"
    key_label = CODE
    notes: ClassVar = (
        "只填末级指标；数值不带单位，是/否指标填“是”或“否”。",
        "确认导入即为采纳；同一指标同一数据日期已有数值的，以导入的为准，原数值留作历史。",
    )
    sample: ClassVar = {CODE: "A08.2", NAME: "报装时间", VALUE: 6, AS_OF: "2026-11-23", REASON: "月度统计"}

    def columns(self, run: ImportRun) -> tuple[Column, ...]:
        return (
            Column("code", CODE, Text(20), ("代码", "指标编号"), required=True),
            Column("name", NAME, Text(100), ("名称", "指标"), note="仅供核对"),
            Column("value", VALUE, ObservedValue(), ("当前值", "指标值"), required=True),
            Column("as_of", AS_OF, Date(), ("日期", "统计日期"), required=True),
            Column("reason", REASON, Multiline(500), ("备注", "来源")),
        )

    def begin(self, run: ImportRun) -> None:
        """Load the leaves in force, and their accepted values by day."""
        rows = Indicator.objects.filter(indicator_set__active=True).select_related("first_level")
        nodes = {row.code: row for row in rows}
        parents = {row.parent_id for row in nodes.values()}
        values = Observation.objects.unscoped("an import supersedes whatever stood for the day").filter(
            indicator__in=[row.pk for row in nodes.values()],
            standing=Observation.Standing.ACCEPTED,
            withdrawn_at=None,
        )
        standing = {(row.indicator_id, row.as_of): row for row in values.order_by("accepted_at", "id")}
        run.state = {"nodes": nodes, "parents": parents, "standing": standing}

    def key(self, row: ReadRow) -> Any:
        return row.values["code"], row.values["as_of"]

    def check_row(self, row: ReadRow, run: ImportRun) -> None:
        """Refuse what is no leaf, out of range or of a day to come; warn of another name."""
        node = run.state["nodes"].get(row.values["code"])
        if node is None:
            row.add_error(CODE, "unknown_indicator", f"现用指标体系中没有代码为 {row.values['code']} 的指标")
            return
        if node.pk in run.state["parents"]:
            row.add_error(CODE, "not_a_leaf", f"{node} 有下级指标，请按下级指标填写")
        if row.values["value"] is not None and (problem := range_problem(leaf_facts(node), row.values["value"])):
            row.add_error(VALUE, "out_of_range", problem)
        if row.values["as_of"] is not None and row.values["as_of"] > local_date(run.now):
            row.add_error(AS_OF, "future_date", "数据日期不能晚于今天")
        name = row.values["name"]
        if name and name not in (node.name, *node.aliases):
            row.add_warning(NAME, "other_name", f"{node.code} 的名称是“{node.name}”，请核对")

    def preview_row(self, row: ReadRow, run: ImportRun) -> Action:
        standing = self._standing(row, run)
        if standing is None:
            return Action.NEW
        return Action.DUPLICATE if standing.value == row.values["value"] else Action.UPDATE

    @staticmethod
    def _standing(row: ReadRow, run: ImportRun) -> Observation | None:
        node = run.state["nodes"][row.values["code"]]
        return run.state["standing"].get((node.pk, row.values["as_of"]))

    def commit_row(self, row: ReadRow, run: ImportRun) -> Saved:
        node, replaced = run.state["nodes"][row.values["code"]], self._standing(row, run)
        observation = Observation.objects.create(
            indicator=node,
            first_level=node.first_level or node,
            value=row.values["value"],
            as_of=row.values["as_of"],
            source=Observation.Source.IMPORT,
            standing=Observation.Standing.ACCEPTED,
            supersedes=replaced,
            reason=row.values["reason"] or "",
            entered_by=run.actor,
            entered_at=run.now,
            accepted_by=run.actor,
            accepted_at=run.now,
        )
        if replaced is not None:
            withdraw(replaced, run.now)
        audit_value("import_value", node, observation.value, observation.as_of, run)
        return Saved(str(observation.pk), None if replaced is None else {"superseded": replaced.pk})

    def touched_since(self, journal: Iterable[Any], since: datetime) -> list[str]:
        rows = Observation.objects.unscoped("whether an imported value was superseded since").filter(
            pk__in=[entry.target for entry in journal], withdrawn_at__isnull=False
        )
        return sorted(f"{code} {as_of}" for code, as_of in rows.values_list("indicator__code", "as_of"))

    def undo_row(self, entry: Any, run: ImportRun) -> None:
        observations = Observation.objects.unscoped("the import is taken back")
        observation = observations.select_related("indicator").filter(pk=entry.target).first()
        if observation is None:
            raise RuleViolation("导入的数值已不在，不能撤销")
        audit_value("undo_value", observation.indicator, observation.value, observation.as_of, run)
        observation.delete()
        if entry.before is not None:
            observations.filter(pk=entry.before["superseded"]).update(withdrawn_at=None)


def withdraw(observation: Observation, now: datetime) -> None:
    """Let a value stand only until ``now``."""
    observation.withdrawn_at = now
    observation.save(update_fields=["withdrawn_at"])


def audit_value(act: str, node: Indicator, value: Decimal, as_of: date, run: ImportRun) -> None:
    """Write the line of the audit log for one value."""
    record_event(
        actor=run.actor,
        action=f"indicators.indicator.{act}",
        target=node,
        after={"value": value, "as_of": as_of},
        now=run.now,
    )
