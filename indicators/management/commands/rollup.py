"""``manage.py rollup``: scores and coverage of one tree read from standard input, for checking by oracle."""

import json
import sys
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from core.commands import PlainCommand
from core.exceptions import InvalidInput
from indicators.scoring import TOTAL, Node, Rollup, roll_up, rounded


class Command(PlainCommand):
    """Print an object of the form of ``expected`` in the oracle: one entry for each node with children."""

    help = "从标准输入读取一棵指标树（JSON），输出各上级指标的得分和覆盖率"

    def handle(self, *args, **options) -> None:
        nodes = read_tree(sys.stdin.read())
        parents = {node.parent for node in nodes}
        results = {code: shown(result) for code, result in roll_up(nodes).items() if code in parents and code != TOTAL}
        self.stdout.write(json.dumps(results, ensure_ascii=False, indent=1))


def shown(result: Rollup) -> dict[str, Any]:
    """Return one entry: score with two decimals and coverage with four as text, and the two counts."""
    score, coverage = rounded(result.score), result.coverage
    return {
        "score": None if score is None else str(score),
        "coverage": None if coverage is None else str(coverage),
        "scored_leaves": result.scored_leaves,
        "applicable_leaves": result.applicable_leaves,
    }


def read_tree(text: str) -> list[Node]:
    """Return the nodes of a tree ``{"nodes": […]}`` (or the bare list).

    Raises:
        InvalidInput: no JSON, a node without code or with a wrong figure, an unknown parent, a circle.
    """
    try:
        tree = json.loads(text)
    except ValueError:
        raise InvalidInput("输入不是有效的 JSON") from None
    rows = tree.get("nodes") if isinstance(tree, dict) else tree
    if not isinstance(rows, list) or not all(isinstance(row, dict) and row.get("code") for row in rows):
        raise InvalidInput("输入应为指标树：nodes 为列表，每个节点有 code")
    nodes = [read_node(row) for row in rows]
    parents = {node.code: node.parent for node in nodes}
    if len(parents) != len(nodes):
        raise InvalidInput("节点代码重复")
    for code in parents:
        check_path_to_root(code, parents)
    return nodes


def read_node(row: dict[str, Any]) -> Node:
    """Return one node; its score counts only if it turns out to be a leaf."""
    score = row.get("score")
    weight = figure(row.get("weight", "1"), row["code"])
    if weight < 0:
        raise InvalidInput(f"{row['code']} 的权重小于 0")
    return Node(
        code=str(row["code"]),
        parent=row.get("parent") or None,
        weight=weight,
        applicable=row.get("applicable", True) is not False,
        score=None if score in (None, "") else Fraction(figure(score, row["code"])),
    )


def figure(value: Any, code: str) -> Decimal:
    """Return ``value`` as a finite number; InvalidInput naming the node otherwise."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise InvalidInput(f"{code} 的数值有误：{value}") from None
    if not number.is_finite():
        raise InvalidInput(f"{code} 的数值有误：{value}")
    return number


def check_path_to_root(code: str, parents: dict[str, str | None]) -> None:
    """Raise InvalidInput when the way up from ``code`` leads to an unknown node or in a circle."""
    seen = {code}
    while (parent := parents[code]) is not None:
        if parent not in parents:
            raise InvalidInput(f"{code} 的上级 {parent} 不在树中")
        if parent in seen:
            raise InvalidInput(f"{parent} 的上级关系成环")
        seen.add(parent)
        code = parent
