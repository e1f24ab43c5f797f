"""Every icon that the window asks for is there: a missing one shows when the row is painted."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
MAKERS = {"icon", "pixmap", "icon_button"}
WORDS = {"icon", "icon_name", "picture"}


def test_each_icon_has_its_file() -> None:
    from ui.models.words import KIND_ICONS

    asked = {name: "KIND_ICONS" for name in KIND_ICONS.values()}
    for file in sorted((CHECKOUT / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            for name in _named(node):
                asked.setdefault(name, str(file.relative_to(CHECKOUT)))
    assert {"search", "library-big", "trash-2", "globe"} <= asked.keys()
    there = {file.stem for file in (CHECKOUT / "resources" / "icons").glob("*.svg")}
    assert {name: where for name, where in asked.items() if name not in there} == {}


def _named(node: ast.AST) -> Iterator[str]:
    found: list[ast.expr] = []
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func
        name = called.id if isinstance(called, ast.Name) else called
        if name in MAKERS:
            found += node.args[:1]
        found += [word.value for word in node.keywords if word.arg in WORDS]
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(target, ast.Name) and target.id in WORDS for target in targets):
            found.append(node.value)
    for value in found:
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
            yield value.value
