"""No modules need each other to be loaded: whichever comes first, the others follow."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.unit.walls.reading import ROOMS, imports, is_module, module_name, python_files


def _at_loading(nodes: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The imports that are carried out when a module is loaded, not those inside functions."""
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.unparse(node.test):
            yield from _at_loading([*node.body, *node.orelse])
        elif isinstance(node, ast.Try):
            yield from _at_loading([*node.body, *node.orelse, *node.finalbody])
        elif isinstance(node, ast.ClassDef | ast.With):
            yield from _at_loading(node.body)


def needs() -> dict[str, set[str]]:
    """Module -> the modules of ours that must be loaded before it."""
    found = {}
    for path in python_files(*ROOMS):
        name = module_name(path)
        source = ast.Module([*_at_loading(ast.parse(path.read_text("utf-8")).body)], [])
        named = {one.name for one in imports(ast.unparse(source))}
        found[name] = {one for one in named if is_module(one) and one != name}
    return found


def ring(graph: dict[str, set[str]]) -> list[str]:
    """Modules each of which needs the next, and the last the first; [] when there are none."""
    done: set[str] = set()

    def search(name: str, way: list[str]) -> list[str]:
        if name in way:
            return way[way.index(name) :]
        if name in done:
            return []
        for other in sorted(graph.get(name, ())):
            if found := search(other, [*way, name]):
                return found
        done.add(name)
        return []

    return next((found for name in sorted(graph) if (found := search(name, []))), [])


def test_no_modules_need_each_other() -> None:
    graph = needs()
    assert len(graph) > 300
    assert ring(graph) == []


def test_a_ring_is_found() -> None:
    assert ring({"a": {"b"}, "b": {"c", "d"}, "c": set(), "d": {"b"}}) == ["b", "d"]
    assert ring({"a": {"b", "c"}, "b": {"c"}}) == []
