"""No function is longer than 60 lines, no file longer than 500."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.unit.walls.reading import CODE, DOORS, label, python_files

FUNCTION_LINES = 60
FILE_LINES = 500


def too_long(source: str) -> list[str]:
    """What is too long in a source text."""
    found = []
    lines = len(source.splitlines())
    if lines > FILE_LINES:
        found.append(f"the file has {lines} lines, at most {FILE_LINES} are allowed")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                found.append(f"line {node.lineno}: {node.name} has {lines} lines")
    return found


# A migration is a generated, frozen record of a schema: nobody edits it, so it has no subjects.
FROZEN = "app/store/migrations/versions/"
FILES = [path for path in python_files(*CODE, *DOORS) if not label(path).startswith(FROZEN)]


@pytest.mark.parametrize("path", FILES, ids=label)
def test_nothing_is_too_long(path: Path) -> None:
    assert too_long(path.read_text("utf-8")) == []


def function(lines: int, indent: str = "") -> str:
    body = f"{indent}    pass\n" * (lines - 1)
    return f"{indent}def f():\n{body}"


def test_sixty_lines_pass_and_one_more_does_not() -> None:
    assert too_long(function(60)) == []
    assert too_long(function(61)) == ["line 1: f has 61 lines"]
    assert too_long("class A:\n" + function(61, "    ")) == ["line 2: f has 61 lines"]
    assert too_long("a" + function(61).removeprefix("a").replace("def", "sync def", 1))


def test_five_hundred_lines_pass_and_one_more_does_not() -> None:
    assert too_long("x = 1\n" * 500) == []
    assert len(too_long("x = 1\n" * 501)) == 1
