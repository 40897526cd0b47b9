"""Which dispatch class an indicator deserves (精准分类调度, domain §4). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.models import Indicator

#: So many working days without a new value make an indicator quiet.
QUIET_WORKDAYS = 20
TROUBLED_LIGHTS = frozenset({"serious"})
CALM_LIGHTS = frozenset({"ok", "near"})


@dataclass(frozen=True, slots=True)
class Record:
    """What is known about one first-level indicator when its class is proposed.

    ``unchanged_workdays`` counts since its last new value, None without any; ``open_matters`` are sentences on
    open issues, overdue items and complaints, from the apps that keep them.
    """

    light: str
    missed: int
    unchanged_workdays: int | None
    open_matters: Sequence[str] = ()


def proposed_class(record: Record) -> str:
    """Return 红 for trouble or anything open, 绿 for calm and quiet, else 黄."""
    if record.light in TROUBLED_LIGHTS or record.open_matters or record.missed:
        return Indicator.Frequency.DAILY
    is_quiet = record.unchanged_workdays is not None and record.unchanged_workdays >= QUIET_WORKDAYS
    if record.light in CALM_LIGHTS and is_quiet:
        return Indicator.Frequency.MONTHLY
    return Indicator.Frequency.WEEKLY if record.light in CALM_LIGHTS or is_quiet else Indicator.Frequency.DAILY


LIGHT_SENTENCES = {
    "ok": "指标领先",
    "near": "指标接近前沿",
    "behind": "指标有差距",
    "serious": "指标差距大",
    "no_data": "得分数据不足",
}


def grounds_of(record: Record) -> list[str]:
    """Return the sentences by which a person can judge the proposal."""
    grounds = [LIGHT_SENTENCES[record.light]]
    if record.missed:
        grounds.append(f"近 {QUIET_WORKDAYS} 个工作日有 {record.missed} 次未报")
    if record.unchanged_workdays is None:
        grounds.append("还没有数值")
    else:
        grounds.append(f"数值已 {record.unchanged_workdays} 个工作日未变")
    return [*grounds, *record.open_matters]
