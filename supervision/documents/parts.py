"""What the forms share: names valid then, the limit in words and date, the receipt."""

from collections.abc import Iterable
from datetime import date, datetime

from core.clock import local_date
from core.documents import FormRow, official_date
from core.documents.forms import moment_text
from departments.models import Department
from departments.selectors import names_on
from supervision.models import Issue

#: How the words of each limit begin; the date follows.
LIMITS = {
    Issue.LimitKind.DEADLINE: "限期整改",
    Issue.LimitKind.IMMEDIATE: "立行立改",
    Issue.LimitKind.STAGED: "分阶段整改",
    Issue.LimitKind.LONG_TERM: "长期坚持",
}
#: Where nobody wrote anything: paper shows that nothing was forgotten.
NOTHING = "—"


def full_name(department: Department | None, moment: datetime) -> str:
    """Return the full name the unit carried on the day of the aware ``moment``, empty without a unit."""
    return "" if department is None else names_on(local_date(moment), [department])[department.pk].name


def full_names(departments: Iterable[Department], moment: datetime) -> str:
    """Return the full names valid then, in their official order, joined by 、."""
    units = sorted(departments, key=lambda unit: (unit.official_order, unit.pk))
    names = names_on(local_date(moment), units)
    return "、".join(names[unit.pk].name for unit in units)


def limit_in_words(limit_kind: str, due_on: date | None) -> str:
    """Return 限期整改，2026年12月4日前完成; without a date the first half."""
    words = LIMITS[Issue.LimitKind(limit_kind)]
    return words if due_on is None else f"{words}，{official_date(due_on)}前完成"


def said(text: str) -> str:
    """Return the text, — where there is none."""
    return text.strip() or NOTHING


def stub(unit: str, matter: str, due: str, handled_by: str) -> list[FormRow]:
    """Return the rows of the 存根: to whom, about what, by when, by whom."""
    return [
        FormRow([("事由", matter), ("承办单位", unit)]),
        FormRow([("时限", due), ("经办人", said(handled_by))]),
    ]


def receipt(signed_by=None, signed_at: datetime | None = None) -> list[FormRow]:
    """Return the row below the cutting line: who signed for it and when, room to write it where nobody has."""
    return [
        FormRow(
            [
                ("签收人", signed_by.name if signed_by else ""),
                ("签收时间", moment_text(signed_at) if signed_at else ""),
            ],
            height=9,
        ),
    ]
