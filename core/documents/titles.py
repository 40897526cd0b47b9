"""Breaking a title into lines that are balanced and do not tear words apart (GB/T 9704-2012, 7.3.1)."""

import itertools
import re
import unicodedata

WIDEST = 19
"""Characters of a title's line: 20 of 22 pt fill the type area, one is left for balance."""

_WHOLE = re.compile(
    r"(?:[0-9]+年)?[0-9]+月[0-9]+日至(?:[0-9]+年)?[0-9]+月[0-9]+日"
    r"|[0-9A-Za-z.%〔〕]+[年月日号期季度周项件个天]*(?:[0-9]+[月日])*|《[^《》]{1,16}》"
    r"|关于|营商环境|领导小组|办公室|西平县|优化|工作|情况|通报|简报|指标|调度|投诉|举报|办理|整改|问题|督导|检查|全县|建设|服务"
    r"|中心|统计|分析|报告|更正|人民政府|有关|进展|落实|推进|提升|重点|任务|审批|政务|数据|管理|评价|考核"
)
"""What stays on one line. A word of these offices that is missing here costs a poorer break, nothing more."""
_NEVER_FIRST = "、，。；：？！）》〕”’—"
_NEVER_LAST = "（《〔“‘"
_GOOD_BEFORE = ("关于",)
_GOOD_AFTER = ("办公室", "关于", "的", "、", "和", "至", "）")
_TORN, _POOR, _GOOD = 400.0, 9.0, 0.0


def text_width(text: str) -> float:
    """Return the width in full characters: ASCII and other narrow ones count half."""
    return sum(1 if unicodedata.east_asian_width(letter) in "WFA" else 0.5 for letter in text)


def balanced_lines(title: str, widest: float = WIDEST) -> list[str]:
    """Return the lines of ``title``: as few as fit ``widest`` characters, alike in length, in a pleasing shape.

    Lines in the middle may be the longest (a diamond) or lengths may go one way (a trapezoid), never an hourglass.
    Line ends in ``title`` are somebody's decision and are kept.
    """
    if "\n" in title.strip():
        return [line.strip() for line in title.splitlines() if line.strip()]
    title = title.strip()
    count = max(1, -int(-text_width(title) // widest))
    costs = [_cost(title, place) for place in range(len(title) + 1)]
    best = min(
        (candidate for number in (count, count + 1) for candidate in _divisions(title, costs, number, widest)),
        key=lambda candidate: candidate[0],
        default=(0.0, [title]),
    )
    return best[1]


def _cost(title: str, place: int) -> float:
    """Return what a break before ``title[place]`` costs."""
    if place in (0, len(title)):
        return _GOOD
    if title[place] in _NEVER_FIRST or title[place - 1] in _NEVER_LAST:
        return _TORN
    if any(found.start() < place < found.end() for found in _WHOLE.finditer(title)):
        return _TORN
    if title.startswith(_GOOD_BEFORE, place) or title[:place].endswith(_GOOD_AFTER):
        return _GOOD
    return _POOR


def _divisions(title: str, costs: list[float], count: int, widest: float) -> list[tuple[float, list[str]]]:
    """Return the cheapest division into ``count`` lines, priced, or none; kept small by looking near the ideal."""
    widths = [text_width(title[:place]) for place in range(len(title) + 1)]
    ideal = widths[-1] / count
    found: list[tuple[float, list[int]]] = [(0.0, [0])]
    for number in range(1, count + 1):
        last = number == count
        found = [
            (price + costs[place] + 0.6 * (widths[place] - widths[breaks[-1]] - ideal) ** 2, [*breaks, place])
            for price, breaks in found
            for place in ([len(title)] if last else range(breaks[-1] + 1, len(title)))
            if 0 < widths[place] - widths[breaks[-1]] <= widest
        ]
        found = sorted(found)[:200]
    extra_line = 30.0
    return [(price + _shape(breaks, widths) + extra_line * count, _cut(title, breaks)) for price, breaks in found]


def _cut(title: str, breaks: list[int]) -> list[str]:
    return [title[start:end] for start, end in itertools.pairwise(breaks)]


def _shape(breaks: list[int], widths: list[float]) -> float:
    """Return the price of the outline: a line shorter than both neighbours makes an hourglass."""
    lengths = [widths[end] - widths[start] for start, end in itertools.pairwise(breaks)]
    price = 0.0
    for before, here, after in zip(lengths, lengths[1:], lengths[2:], strict=False):
        if here < before and here < after:
            price += 60
    if len(lengths) > 1 and min(lengths) < 0.35 * max(lengths):
        price += 40
    return price
