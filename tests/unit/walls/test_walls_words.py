"""No file names a place that exists on one machine only."""

from __future__ import annotations

import pytest

from tests.unit.walls.reading import CHECKOUT, label, project_files

# Put together here, or this file would be the first to break the rule.
FORBIDDEN = tuple("/".join(parts) for parts in (("", "work", ""), ("..", "shared")))


def forbidden_words(text: str) -> list[str]:
    """The forbidden words in a text, each with its line."""
    return [
        f"line {number}: {word}"
        for number, line in enumerate(text.splitlines(), 1)
        for word in FORBIDDEN
        if word in line
    ]


def test_no_file_names_a_place_of_one_machine() -> None:
    found = {
        label(path): words
        for path in project_files()
        if (words := forbidden_words(path.read_bytes().decode("utf-8", "replace")))
    }
    assert found == {}


@pytest.mark.parametrize("word", FORBIDDEN)
def test_one_that_does_is_seen(word: str) -> None:
    assert forbidden_words(f"fine\nsee {word} there") == [f"line 2: {word}"]


def test_the_files_looked_at_are_those_of_the_project() -> None:
    looked_at = {label(path) for path in project_files()}
    assert {"pyproject.toml", "run.py", ".ci/run", "requirements.lock"} <= looked_at
    assert not any(name.startswith((".git/", ".venv/")) for name in looked_at)
    assert CHECKOUT.joinpath("run.py").is_file()
