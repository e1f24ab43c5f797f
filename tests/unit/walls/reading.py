"""What the walls share: the project's files, and the imports that stand in one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
ROOMS = ("indexer", "app", "ui")
CODE = (*ROOMS, "resources", "tests", "tools")
DOORS = ("deckhand.py", "run.py")
OURS = {*CODE, "deckhand", "run"}
HIDDEN_AND_OURS = {".ci", ".gitignore"}


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module, by its full name, and the line on which that happens."""

    name: str
    line: int


def project_files() -> Iterator[Path]:
    """Every file of the project, without what tools leave beside it."""
    for path in sorted(CHECKOUT.iterdir()):
        if path.name.startswith(".") and path.name not in HIDDEN_AND_OURS:
            continue
        if path.name in {"build", "dist"} or path.suffix == ".egg-info":
            continue
        yield from _files_below(path)


def _files_below(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
    elif path.name != "__pycache__":
        for child in sorted(path.iterdir()):
            yield from _files_below(child)


def python_files(*folders: str) -> list[Path]:
    """The Python files of these top folders, and of these files of the checkout itself."""
    return [
        path
        for path in project_files()
        if path.suffix == ".py" and path.relative_to(CHECKOUT).parts[0] in folders
    ]


def label(path: Path) -> str:
    """A path as tests name it."""
    return path.relative_to(CHECKOUT).as_posix()


def module_name(path: Path) -> str:
    """The dotted name under which a file of the checkout is imported."""
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_module(dotted: str) -> bool:
    """Whether a name of ours is a module or package (and not something inside one)."""
    place = CHECKOUT.joinpath(*dotted.split("."))
    return place.with_suffix(".py").is_file() or place.is_dir()


def imports(source: str) -> Iterator[Import]:
    """Every import in a source text, wherever it stands; ``from a import b`` as both it could be.

    ``importlib.import_module`` and ``__import__`` count where their argument can be read.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from _from_import(node)
        elif isinstance(node, ast.Call) and _imports_by_name(node):
            yield from _named(node)


def _from_import(node: ast.ImportFrom) -> Iterator[Import]:
    if node.level:
        yield Import("." * node.level + (node.module or ""), node.lineno)
        return
    base = node.module or ""
    for alias in node.names:
        inner = f"{base}.{alias.name}"
        known = inner.split(".")[0] in ROOMS and is_module(inner)
        yield Import(inner if known else base, node.lineno)


def _imports_by_name(node: ast.Call) -> bool:
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in {"import_module", "__import__"}


def _named(node: ast.Call) -> Iterator[Import]:
    for argument in node.args[:1]:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield Import(argument.value, node.lineno)
