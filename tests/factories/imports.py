"""A kind of import over the kernel's own ``Setting`` table, so that the framework is tried without any app."""

from contextlib import contextmanager

from core import import_kinds
from core.import_kinds import Action, ImportKind, ImportRun, Saved, register_import_kind
from core.models import Setting
from core.spreadsheets import Column, ReadRow
from core.spreadsheets.fields import DepartmentNames, Departments, Figure, Person, Text
from tests.factories import files

HEAD = ["名称", "数值", "单位", "联系人"]
DEPARTMENTS = [("zjj", "县住建局"), ("gaj", "县公安局")]


class SettingImport(ImportKind):
    """Settings by name; ``touched`` names those somebody changed since."""

    code, label, key_label = "settings", "参数", "名称"
    notes = ("名称不可重复",)
    sample = {"名称": "样例", "数值": 6.5}

    def __init__(self):
        self.touched: list[str] = []

    def columns(self, run: ImportRun):
        names = DepartmentNames(((code, [name]) for code, name in DEPARTMENTS), run.department_mapping)
        return [
            Column("name", "名称", Text(80), required=True),
            Column("value", "数值", Figure(), required=True),
            Column("departments", "单位", Departments(names)),
            Column("person", "联系人", Person(), sensitive=True),
        ]

    def department_choices(self):
        return DEPARTMENTS

    def begin(self, run: ImportRun) -> None:
        run.state = {row.name: row for row in Setting.objects.all()}

    def key(self, row: ReadRow):
        return row.values["name"]

    def check_row(self, row: ReadRow, run: ImportRun) -> None:
        if row.values["value"] == 13:
            row.add_error("数值", "unlucky", "不收 13")
        if row.values["person"] == "张三丰":
            row.add_warning("联系人", "old_person", "此人年事已高")

    def preview_row(self, row: ReadRow, run: ImportRun) -> Action:
        known = run.state.get(row.values["name"])
        if known is None:
            return Action.NEW
        return Action.DUPLICATE if known.value == str(row.values["value"]) else Action.UPDATE

    def commit_row(self, row: ReadRow, run: ImportRun) -> Saved:
        if row.values["value"] == 999:
            raise RuntimeError("the disk is full")
        known = run.state.get(row.values["name"])
        before = {"value": known.value} if known else None
        values = {"value": str(row.values["value"]), "changed_at": run.now}
        saved, _ = Setting.objects.update_or_create(name=row.values["name"], defaults=values)
        return Saved(str(saved.pk), before)

    def touched_since(self, journal, since) -> list[str]:
        return self.touched

    def undo_row(self, entry, run: ImportRun) -> None:
        rows = Setting.objects.filter(pk=entry.target)
        if entry.before is None:
            rows.delete()
        else:
            rows.update(**entry.before)


@contextmanager
def setting_kind():
    """Register the kind for one test."""
    kind, others = SettingImport(), dict(import_kinds._kinds)
    register_import_kind(kind)
    try:
        yield kind
    finally:
        import_kinds._kinds.clear()
        import_kinds._kinds.update(others)


def spreadsheet(*rows: list, name: str = "参数.xlsx"):
    """Return an upload of the kind's columns."""
    return files.uploaded(files.xlsx([HEAD, *rows], names=["参数"]), name)
