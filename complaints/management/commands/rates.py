"""``manage.py rates``: the rates of one scenario read from standard input, for checking by oracle."""

import json
import sys
from datetime import date, datetime, timedelta
from typing import Any

from complaints.models import HandlingRound
from complaints.rules.rates import FIGURES, RoundFacts, Tally, rates_by_department
from core.commands import PlainCommand
from core.dates import SHANGHAI
from core.exceptions import InvalidInput
from core.rates import Window
from departments.services.catalogue import catalogue_units

SATISFACTION = {label: code for code, label in HandlingRound.Satisfaction.choices}
FLAGS = ("anonymous", "return_requested", "return_approved", "reassigned", "merged_duplicate", "extended")
MOMENTS = ("dispatched_at", "sign_due", "signed_at", "due_at", "submitted_at", "closed_at")
#: The oracle knows the figures the complainant's answer has no part in.
PRINTED = tuple(figure for figure in FIGURES if figure.key != "solved")


class Command(PlainCommand):
    """Print an object of the form of ``expected`` in the oracle."""

    help = "从标准输入读取一个情形（JSON：period、cut_off、rounds），输出各单位和合计的各项办理指标"

    def handle(self, *args, **options) -> None:
        rounds, window = read_scenario(sys.stdin.read())
        order = {unit.code: place for place, unit in enumerate(catalogue_units())}
        rows, total = rates_by_department(rounds, window, order)
        departments = [{"department": code, **shown(row)} for code, row in rows.items()]
        answer = {"departments": departments, "total": shown(total)}
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))


def shown(tally: Tally) -> dict[str, dict[str, Any]]:
    """Return the figures of one row by their Chinese names."""
    return {figure.label: shown_figure(figure, tally) for figure in PRINTED}


def shown_figure(figure, tally: Tally) -> dict[str, Any]:
    """Return one figure with counts, exact value and printed text."""
    count = tally.counts[figure.key]
    if figure.is_count:
        return {"num": count.numerator, "den": None, "value": str(count.numerator), "text": str(count.numerator)}
    entry = {"num": count.numerator, "den": count.denominator, "value": count.value, "text": count.text}
    return entry | ({"requested": tally.requested} if figure.key == "return" else {})


def read_scenario(text: str) -> tuple[list[RoundFacts], Window]:
    """Return the rounds and the window of ``{"period": {from, to}, "cut_off", "rounds": […]}``.

    Raises InvalidInput for no JSON, a missing or wrong date, or a round that is no round.
    """
    try:
        scenario = json.loads(text)
    except ValueError:
        raise InvalidInput("输入不是有效的 JSON") from None
    if not isinstance(scenario, dict) or not isinstance(scenario.get("period"), dict):
        raise InvalidInput("输入应有 period（from、to）、cut_off 和 rounds")
    rounds = scenario.get("rounds")
    if not isinstance(rounds, list) or not all(isinstance(row, dict) for row in rounds):
        raise InvalidInput("rounds 应为列表，每项是一个办理轮次")
    first, last = (read_day(scenario["period"].get(name), name) for name in ("from", "to"))
    if last < first:
        raise InvalidInput("period 的结束日期早于开始日期")
    window = Window(
        midnight(first), midnight(last + timedelta(days=1)), read_moment(scenario.get("cut_off"), "cut_off")
    )
    return [read_round(row) for row in rounds], window


def read_round(row: dict[str, Any]) -> RoundFacts:
    """Return the facts of one round; InvalidInput naming it and the wrong field."""
    name = str(row.get("id") or row.get("department") or "轮次")
    department, round_no, satisfaction = row.get("department"), row.get("round_no", 1), row.get("satisfaction")
    if not isinstance(department, str) or not department:
        raise InvalidInput(f"{name} 没有 department")
    if not isinstance(round_no, int) or isinstance(round_no, bool) or round_no < 1:
        raise InvalidInput(f"{name} 的 round_no 应为 1 以上的整数")
    if satisfaction is not None and satisfaction not in SATISFACTION:
        raise InvalidInput(f"{name} 的 satisfaction 无法识别：{satisfaction}")
    if wrong := [flag for flag in FLAGS if not isinstance(row.get(flag, False), bool)]:
        raise InvalidInput(f"{name} 的 {wrong[0]} 应为 true 或 false")
    facts: dict[str, Any] = {flag: row.get(flag, False) for flag in FLAGS}
    for moment in MOMENTS:
        facts[moment] = None if row.get(moment) is None else read_moment(row[moment], f"{name} 的 {moment}")
    if facts["dispatched_at"] is None:
        raise InvalidInput(f"{name} 没有 dispatched_at")
    return RoundFacts(
        department=department,
        round_no=round_no,
        satisfaction=SATISFACTION[satisfaction] if satisfaction else "",
        **facts,
    )


def read_moment(text: Any, name: str) -> datetime:
    """Return an aware moment; one written without offset is Asia/Shanghai."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise InvalidInput(f"{name} 不是有效的时间：{text}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def read_day(text: Any, name: str) -> date:
    """Return a day written 2026-11-09."""
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise InvalidInput(f"period 的 {name} 不是有效的日期：{text}") from None


def midnight(day: date) -> datetime:
    """Return 00:00 of ``day`` in Asia/Shanghai."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
