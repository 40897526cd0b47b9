"""The columns of the hotline's exports, with every name they go by, best first (oracles README §5, Header)."""

from collections.abc import Mapping
from datetime import date

from complaints.models import HandlingRound
from core.models import DeadlineRule
from core.spreadsheets import Column
from core.spreadsheets.fields import (
    SATISFACTION,
    DateTime,
    DepartmentNames,
    Departments,
    DueDateTime,
    Flag,
    Multiline,
    NumberId,
    Person,
    Phones,
    Text,
)
from departments.selectors import department_names

#: Choices of the mapping step that are no unit: create it under its name; take the row, but undispatched.
CREATE, UNDISPATCHED = "create", "undispatched"
CREATED = f"{CREATE}:"

TYPES = {label: code for code, label in DeadlineRule.ComplaintType.choices}
SATISFACTIONS = {label: code for code, label in HandlingRound.Satisfaction.choices}


class UnitNames(DepartmentNames):
    """The list of units with what the mapping step decided; a unit to be created is ``create:<name>``."""

    def __init__(self, names: DepartmentNames):
        self._names = names

    def code(self, name: str) -> str | None:
        """Return the code of the unit a file calls ``name``, or what is to become of it."""
        code = self._names.code(name)
        return f"{CREATED}{name}" if code == CREATE else code


def hotline_columns(on: date, mapping: Mapping[str, str]) -> list[Column]:
    """Return the columns as of ``on``; ``mapping``: unit names the user has mapped → code, create, undispatched."""
    units = Departments(UnitNames(department_names(on, mapping)))
    return [
        Column("number", "工单编号", NumberId(), ("工单号", "编号", "受理编号", "热线单号"), required=True),
        Column("received_at", "来电时间", DateTime(), ("受理时间", "诉求时间", "登记时间", "反映时间"), required=True),
        Column("caller", "来电人", Person(), ("诉求人", "求助人员", "姓名", "联系人"), sensitive=True),
        Column("phone", "联系电话", Phones(), ("来电号码", "求助号码", "手机"), sensitive=True),
        Column("type", "诉求类型", Text(), ("工单类型", "性质")),
        Column("content", "诉求内容", Multiline(), ("反映内容", "主要内容"), required=True),
        Column("department", "承办单位", units, ("主办单位", "办理单位", "责任单位")),
        Column("co_departments", "协办单位", units),
        Column("due_at", "办理时限", DueDateTime(), ("办结期限", "截止时间", "规定日期")),
        Column("signed_at", "签收时间", DateTime()),
        Column("closed_at", "办结时间", DateTime(), ("反馈时间",)),
        Column("result", "办理结果", Multiline(), ("办理情况",)),
        Column("satisfaction", "满意度", SATISFACTION, ("评价", "回访结果")),
        Column("confidential", "是否保密", Flag("保密")),
        Column("anonymous", "是否匿名", Flag("匿名")),
    ]
