"""What may stand as a value on a report, and what its submission asks for (domain §4). Pure functions."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.exceptions import field_error
from core.formats import figure, measure
from indicators.models import Indicator

MOST_DECIMALS = 4
MOST_DIGITS = 16  # before the point: what a column of 20 digits with 4 decimals can hold
DAYS = frozenset({"天", "工作日"})
YES_NO_WORDS = {"是": Decimal(1), "否": Decimal(0), "true": Decimal(1), "false": Decimal(0)}
_PLAIN = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", re.ASCII)


class NotANumber(ValueError):
    """The text is no number that can be taken; the message is the rest of the sentence about the field."""

    def __init__(self, code: str, detail: str):
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class LeafFacts:
    """What is known about a leaf when a value for it is judged.

    ``accepted`` is its last accepted value, ``pending`` the newest one still under review; ``statutory`` the
    limit in force in the leaf's own unit (another unit is never compared).
    """

    code: str
    name: str
    unit: str
    direction: str
    decimals: int | None = None
    min_value: Decimal | None = None
    max_value: Decimal | None = None
    accepted: Decimal | None = None
    pending: Decimal | None = None
    statutory: Decimal | None = None

    @property
    def is_yes_no(self) -> bool:
        """Whether the leaf is answered by 是 or 否."""
        return self.direction == Indicator.Direction.YES_NO

    def is_changed_by(self, value: Decimal) -> bool:
        """Return whether ``value`` is news: neither the value in force nor the one under review."""
        return value not in (self.accepted, self.pending)


@dataclass(frozen=True, slots=True)
class Entry:
    """One value as it stands on a report: the leaf, what was typed, and its circumstances."""

    leaf: LeafFacts
    text: str
    as_of: date
    reason: str = ""
    evidence_later: bool = False

    @property
    def number(self) -> Decimal:
        """The number stated; NotANumber while none is."""
        return parse_number(self.text, is_yes_no=self.leaf.is_yes_no)


@dataclass(frozen=True, slots=True)
class Demands:
    """The office's settings for submissions."""

    jump_factor: Decimal
    evidence_required: bool


def parse_number(text: str, *, is_yes_no: bool = False) -> Decimal:
    """Return the number that ``text`` states, exactly as stated.

    Full-width digits are converted and thousands separators dropped; at most 4 decimals, never rounded.
    A yes/no leaf also takes 是 and 否. Raises NotANumber with what is wrong.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).replace("\u2212", "-")
    if is_yes_no and plain.lower() in YES_NO_WORDS:
        return YES_NO_WORDS[plain.lower()]
    if not plain:
        raise NotANumber("required", "请填写数值")
    match = _PLAIN.fullmatch(plain)
    if match is None:
        raise NotANumber("not_a_number", f"“{text.strip()[:20]}”不是数字，请只填数字，不带单位")
    number = Decimal(plain.replace(",", ""))
    decimals = len(match.group(3) or ".") - 1
    if decimals > MOST_DECIMALS:
        raise NotANumber("too_many_decimals", f"最多 {MOST_DECIMALS} 位小数")
    if number.adjusted() >= MOST_DIGITS:
        raise NotANumber("out_of_range", "数字过大")
    return number


def bounds_of(leaf: LeafFacts) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and greatest value of ``leaf``: its own, else by unit (% 0-100, 天/工作日 0-365, others from 0)."""
    if leaf.is_yes_no:
        return Decimal(0), Decimal(1)
    usual_maximum = Decimal(100) if leaf.unit == "%" else Decimal(365) if leaf.unit in DAYS else None
    low = Decimal(0) if leaf.min_value is None else leaf.min_value
    high = usual_maximum if leaf.max_value is None else leaf.max_value
    return low, high


def range_problem(leaf: LeafFacts, value: Decimal) -> str | None:
    """Return the sentence why ``value`` is out of range, or None: 报装时间应在 0 到 365 之间."""
    low, high = bounds_of(leaf)
    if leaf.is_yes_no and value not in (0, 1):
        return f"{leaf.name}应填是（1）或否（0）"
    if (low is None or low <= value) and (high is None or value <= high):
        return None
    if high is None:
        return f"{leaf.name}应不小于 {figure(low)}"
    return f"{leaf.name}应在 {figure(low)} 到 {figure(high)} 之间"


def is_jump(leaf: LeafFacts, value: Decimal, factor: Decimal) -> bool:
    """Return whether ``value`` differs from the last accepted one by more than ``factor`` times, zero counted as one unit."""
    if leaf.accepted is None or leaf.is_yes_no:
        return False
    before, after = abs(leaf.accepted) or Decimal(1), abs(value) or Decimal(1)
    return max(before, after) > factor * min(before, after)


def breaks_statutory_limit(leaf: LeafFacts, value: Decimal) -> bool:
    """Return whether ``value`` is worse than the statutory limit, by the leaf's direction."""
    if leaf.statutory is None:
        return False
    if leaf.direction == Indicator.Direction.LOWER:
        return value > leaf.statutory
    return value < leaf.statutory


def value_problems(entry: Entry, path: str, *, report_date: date, demands: Demands) -> list[dict]:
    """Return the field errors of one value; ``path`` is its address, ``values[0]``."""
    leaf = entry.leaf
    try:
        value = entry.number
    except NotANumber as problem:
        return [field_error(f"{path}.value", problem.code, f"{leaf.name}：{problem.detail}")]
    problems = []
    if sentence := range_problem(leaf, value):
        problems.append(field_error(f"{path}.value", "out_of_range", sentence))
    elif is_jump(leaf, value, demands.jump_factor) and not entry.reason.strip():
        before = measure(leaf.accepted, leaf.unit)
        detail = f"{leaf.name}与上次（{before}）相差超过 {figure(demands.jump_factor)} 倍，请写明原因"
        problems.append(field_error(f"{path}.reason", "reason_required", detail))
    if entry.as_of > report_date:
        problems.append(field_error(f"{path}.as_of", "as_of_after_report", f"{leaf.name}的数据日期不能晚于填报日期"))
    return problems


def statutory_warnings(entries: Iterable[Entry]) -> list[dict]:
    """Return a warning for each value worse than its statutory limit; warnings never stop a submission."""
    warnings = []
    for position, entry in enumerate(entries):
        value = number_or_none(entry)
        if value is not None and breaks_statutory_limit(entry.leaf, value):
            limit = measure(entry.leaf.statutory, entry.leaf.unit)
            detail = f"{entry.leaf.name}超出法定时限 {limit}，请核对"
            warnings.append(field_error(f"values[{position}].value", "statutory_limit", detail))
    return warnings


def number_or_none(entry: Entry) -> Decimal | None:
    """Return the number an entry states, None while it states none."""
    try:
        return entry.number
    except NotANumber:
        return None


def changed_entries(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries whose number is news."""
    stated = [(entry, number_or_none(entry)) for entry in entries]
    return [entry for entry, value in stated if value is not None and entry.leaf.is_changed_by(value)]


def submission_problems(
    entries: list[Entry],
    *,
    report_date: date,
    no_change: bool,
    has_text: bool,
    lacks_difficulty: bool,
    has_evidence: bool,
    demands: Demands,
) -> list[dict]:
    """Return everything that keeps a report from being submitted, each at its field (api.md names).

    Reporting a change must never cost more than hiding it: one piece of evidence serves the whole report, an
    earlier one may be reused, and it may follow later.
    """
    problems = []
    for position, entry in enumerate(entries):
        path = f"values[{position}]"
        problems += value_problems(entry, path, report_date=report_date, demands=demands)
    changed = changed_entries(entries)
    if no_change and changed:
        names = "、".join(entry.leaf.name for entry in changed)
        problems.append(field_error("no_change", "contradiction", f"{names}有变化，不能同时报“今日无变化”"))
    if lacks_difficulty:
        problems.append(field_error("difficulty", "required", "需要协调的，请写明遇到的困难"))
    if not no_change and not entries and not has_text:
        problems.append(field_error("no_change", "empty", "还没有填写内容。没有变化请报“今日无变化”"))
    unproved = [entry for entry in changed if not entry.evidence_later]
    if demands.evidence_required and unproved and not has_evidence:
        problems.append(field_error("evidence", "evidence_required", "数值有变化，请附 1 份佐证材料，或选择“稍后补交”"))
    return problems
