"""The documents say what the program does: settings, keys, commands, states, links, contracts."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.settings import DECLARED, Setting

CHECKOUT = Path(__file__).resolve().parents[2]
DOCS = CHECKOUT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), CHECKOUT / "README.md", CHECKOUT / "CHANGELOG.md"])
ROOMS = ("indexer", "app", "ui")
LINK = re.compile(r"\]\(([^()\s]+)\)")
ROW = re.compile(r"^\| (.+) \|$", re.MULTILINE)
KEY = re.compile(r"`([^`]+)`")


def name_of(page: Path) -> str:
    return page.relative_to(CHECKOUT).as_posix()


def rows(page: Path) -> list[list[str]]:
    """The cells of every line of every table of a page."""
    return [line.split(" | ") for line in ROW.findall(page.read_text("utf-8"))]


# ---- settings, keys, states, dependencies --------------------------------------------------------


@pytest.mark.parametrize("setting", DECLARED, ids=lambda setting: setting.key)
def test_every_setting_is_documented_with_its_default_and_help(setting: Setting) -> None:
    found = [cells for cells in rows(DOCS / "settings.md") if cells[0] == f"`{setting.key}`"]
    assert len(found) == 1, f"docs/settings.md needs one line for {setting.key}"
    _, default, allowed, text = found[0]
    assert default.strip("`") == str(setting.default)
    assert text.startswith(setting.help)
    if setting.choices:
        assert KEY.findall(allowed) == list(setting.choices)
    else:
        assert allowed == f"{setting.low:g} to {setting.high:g}"


def test_no_setting_is_documented_that_is_not_there() -> None:
    documented = {KEY.findall(cells[0])[0] for cells in rows(DOCS / "settings.md")
                  if re.match(r"`[a-z]+\.[a-z_]+`", cells[0])}  # fmt: skip
    assert documented == {setting.key for setting in DECLARED}


def commands_in_code() -> set[tuple[str, tuple[str, ...]]]:
    """(words, keys) of every Command that the window makes."""
    found = set()
    for file in sorted((CHECKOUT / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Command":
                words, keys = (ast.literal_eval(part) for part in node.args[1:3])
                if keys:
                    found.add((words, tuple(keys)))
    return found


def test_the_guide_lists_the_shortcuts_that_there_are() -> None:
    guide = (DOCS / "guide.md").read_text("utf-8")
    section = guide.partition("## Shortcuts")[2].partition("\n## ")[0]
    lines = [line.split(" | ") for line in ROW.findall(section)]
    documented = {(cells[1], tuple(KEY.findall(cells[0]))) for cells in lines if "`" in cells[0]}
    in_code = commands_in_code()
    assert len(in_code) > 20
    assert documented == in_code


def test_the_guide_tells_what_each_state_of_a_file_means() -> None:
    from ui.pages.library_models import PROBLEM_STATES

    documented = {cells[0] for cells in rows(DOCS / "guide.md") if len(cells) == 3}
    assert {label for label, _kind, _icon in PROBLEM_STATES.values()} <= documented


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {re.split(r"[<>=;~! ]", line)[0] for line in project["dependencies"]}
    table = rows(DOCS / "decisions" / "0009-dependencies.md")
    documented = {cells[0].split(" ")[0] for cells in table}
    assert wanted <= documented


# ---- commands and pictures -----------------------------------------------------------------------


@pytest.mark.parametrize("command", ["python3 run.py", "python3 run.py test"])
def test_the_two_commands_of_the_readme_are_those_of_run_py(command: str) -> None:
    readme = (CHECKOUT / "README.md").read_text("utf-8").splitlines()
    docstring = ast.get_docstring(ast.parse((CHECKOUT / "run.py").read_text("utf-8")))
    assert docstring is not None
    assert command in readme
    offered = {re.split(r" {2,}| \[", line.strip())[0] for line in docstring.splitlines()}
    assert command in offered


def test_the_command_lines_in_readme_and_guide_are_understood() -> None:
    import shlex

    from app.cli.parser import build

    parser = build()
    pages = (CHECKOUT / "README.md", DOCS / "guide.md")
    text = "\n".join(page.read_text("utf-8") for page in pages)
    lines = re.findall(r"^deckhand (.+?)(?:  .*| > .*)?$", text, re.MULTILINE)
    lines += re.findall(r"`deckhand ((?!FOLDER|ARGUMENTS|--)[^`]+)`", text)
    assert len(lines) > 5
    for line in lines:
        if line != "--help":
            assert parser.parse_args(shlex.split(line)).command


def test_every_picture_is_shown_and_has_its_dark_twin() -> None:
    stored = {picture.name for picture in (DOCS / "pictures").iterdir()}
    shown = {
        Path(target).name
        for page in PAGES for target in LINK.findall(page.read_text("utf-8"))
        if target.endswith(".png")
    }  # fmt: skip
    assert shown <= stored
    light = {name for name in stored if name.endswith("-light.png")}
    assert {name.replace("-light.", "-dark.") for name in light} == stored - light
    assert sum(file.stat().st_size for file in (DOCS / "pictures").iterdir()) < 3_000_000


# ---- links -------------------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        if target.startswith("https://"):
            continue
        file, _, anchor = target.partition("#")
        place = (page.parent / file).resolve() if file else page
        assert place.is_file(), f"{target} does not exist"
        if anchor:
            assert anchor in anchors(place), f"{target}: no such heading"


@pytest.mark.parametrize("page", [*DOCS.rglob("*.md")], ids=name_of)
def test_every_page_can_be_reached_from_the_readme(page: Path) -> None:
    seen: set[Path] = set()
    waiting = [CHECKOUT / "README.md"]
    while waiting:
        at = waiting.pop()
        if at in seen or at.suffix != ".md":
            continue
        seen.add(at)
        targets = (target.partition("#")[0] for target in LINK.findall(at.read_text("utf-8")))
        waiting += [(at.parent / t).resolve() for t in targets if t and "://" not in t]
    assert page.resolve() in seen


# ---- contracts -----------------------------------------------------------------------------------


@dataclass
class Class:
    """A class of the program: its bases by name, and which of its methods are documented."""

    bases: tuple[str, ...]
    documented: set[str] = field(default_factory=set)


def modules() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for file in sorted((CHECKOUT / room).rglob("*.py")):
            yield name_of(file), ast.parse(file.read_text("utf-8"))


def is_public_function(node: ast.FunctionDef) -> bool:
    """Whether it is a function or method for others; Qt's names are documented by Qt."""
    return not node.name.startswith("_") and node.name == node.name.lower()


def classes() -> dict[str, Class]:
    found: dict[str, Class] = {}
    for _, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                bases = tuple(ast.unparse(base).split("[")[0].split(".")[-1] for base in node.bases)
                one = found.setdefault(node.name, Class(bases))
                one.documented |= {
                    part.name for part in node.body
                    if isinstance(part, ast.FunctionDef) and ast.get_docstring(part)
                }  # fmt: skip
    return found


def inherits_contract(known: dict[str, Class], bases: tuple[str, ...], method: str) -> bool:
    """Whether a class above documents the method."""
    for base in bases:
        above = known.get(base)
        if above and (method in above.documented or inherits_contract(known, above.bases, method)):
            return True
    return False


def undocumented(tree: ast.Module, known: dict[str, Class]) -> Iterator[str]:
    """The public names of a module that have no docstring of their own or from above."""
    if tree.body and not ast.get_docstring(tree):
        yield "the module"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            if is_public_function(node) and not ast.get_docstring(node):
                yield node.name
            continue
        if not isinstance(node, ast.ClassDef) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node):
            yield node.name
        yield from undocumented_methods(node, known)


def undocumented_methods(owner: ast.ClassDef, known: dict[str, Class]) -> Iterator[str]:
    """The public methods of a class for which nobody has said what they promise."""
    bases = known[owner.name].bases
    for part in owner.body:
        if (
            isinstance(part, ast.FunctionDef)
            and is_public_function(part)
            and not ast.get_docstring(part)
            and not inherits_contract(known, bases, part.name)
            and not is_of_qt(bases, part)
        ):
            yield f"{owner.name}.{part.name}"


def is_of_qt(bases: tuple[str, ...], method: ast.FunctionDef) -> bool:
    """Whether a class of Qt among the bases has it (paint, open and data are in lower case)."""
    from PySide6 import QtCore, QtGui, QtWidgets

    rooms = (QtCore, QtGui, QtWidgets)
    found = (getattr(room, base, None) for base in bases for room in rooms)
    return any(hasattr(one, method.name) for one in found if one is not None)


def test_everything_public_says_what_it_promises() -> None:
    known = classes()
    missing = [f"{file}: {name}" for file, tree in modules() for name in undocumented(tree, known)]
    assert missing == []
