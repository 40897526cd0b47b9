"""Rules of the code base that a syntax tree can see."""

import ast
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.meta.sources import APPS, PACKAGES, modules, part_of, tree

PRODUCT = list(modules(*PACKAGES))
DOORS = [path for path in modules(*APPS) if part_of(path) in {"views", "api", "forms", "urls"}]

FILE_LIMIT = 420
FUNCTION_LIMIT = 50


def writes_status(node: ast.AST) -> bool:
    """Return whether ``node`` assigns ``….status``, or passes ``status=`` to ``update()``."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(target, ast.Attribute) and target.attr == "status" for target in targets)
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"update", "update_or_create"}
        and any(keyword.arg == "status" for keyword in node.keywords)
    )


def called(node: ast.AST) -> str:
    """Return the name of the method or function that ``node`` calls, else an empty text."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", "") or getattr(node.func, "id", "")


def found(paths: Iterable[Path], finds: Callable[[ast.AST], bool]) -> list[str]:
    """Return ``path:line`` of every node in ``paths`` that ``finds`` says yes to."""
    return [f"{path}:{node.lineno}" for path in paths for node in ast.walk(tree(path)) if finds(node)]


def test_status_is_written_by_the_workflow_only():
    paths = [path for path in PRODUCT if path != Path("core/workflow.py")]
    assert found(paths, writes_status) == [], "move the row with Workflow.apply(), never by assignment"


def test_doors_never_read_unscoped():
    assert found(DOORS, lambda node: called(node) == "unscoped") == [], "fetch through visible_to(user) or a selector"


def test_doors_write_through_services_only():
    writes = {"record_event", "bulk_create", "get_or_create", "update_or_create"}
    doors = [path for path in DOORS if path.parts[0] != "core"]
    assert found(doors, lambda node: called(node) in writes) == [], "a door calls a service"


def test_scope_is_not_walked_around():
    """``_base_manager`` and cursor SQL know no scope; only the kernel may use them."""
    ways = {"_base_manager", "cursor"}
    paths = [path for path in PRODUCT if path.parts[0] != "core"]
    assert found(paths, lambda node: isinstance(node, ast.Attribute) and node.attr in ways) == []


def reads_the_clock(node: ast.AST) -> bool:
    """Return whether ``node`` asks what time it is."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "today", "utcnow", "localdate"}
        and getattr(node.func.value, "id", "") in {"clock", "timezone", "datetime", "date"}
        and not (node.func.attr == "localdate" and node.args)
    )


def test_time_is_read_at_the_doors_only():
    """Services, selectors, rules and models are told the time (architecture §12.9)."""
    inner = {"services", "selectors", "rules", "models", "workflow"}
    assert found([path for path in modules(*APPS) if part_of(path) in inner], reads_the_clock) == []


def test_files_fit_a_reader():
    lengths = {path: tree(path).body[-1].end_lineno for path in modules(*PACKAGES, "tests") if tree(path).body}
    assert {path: length for path, length in lengths.items() if length > FILE_LIMIT} == {}, "split by noun"


def body_length(function: ast.FunctionDef) -> int:
    """Return how many lines a function has below its head and docstring."""
    first = function.body[1] if ast.get_docstring(function) and len(function.body) > 1 else function.body[0]
    return (function.end_lineno or 0) - first.lineno + 1


def test_functions_fit_a_screen():
    def is_too_long(node: ast.AST) -> bool:
        return isinstance(node, ast.FunctionDef) and body_length(node) > FUNCTION_LIMIT

    assert found(PRODUCT, is_too_long) == []


def test_checks_find_what_they_look_for():
    """A control: each syntax check finds a planted violation."""
    planted = ast.parse("row.status = 'done'\nrows.update(status='done')\nitems.unscoped('why')\n")
    assert sum(writes_status(node) for node in ast.walk(planted)) == 2
    assert sum(called(node) == "unscoped" for node in ast.walk(planted)) == 1
    assert sum(map(reads_the_clock, ast.walk(ast.parse("clock.now(); timezone.localdate(moment)")))) == 1
