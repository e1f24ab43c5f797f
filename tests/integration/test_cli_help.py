"""`--help` leaves nothing unexplained."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from app.cli import parser


def _arguments(
    of: argparse.ArgumentParser, name: str = "deckhand"
) -> Iterator[tuple[str, argparse.Action]]:
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction):
            for verb, below in action.choices.items():
                yield from _arguments(below, f"{name} {verb}")
        else:
            yield name, action


def test_every_argument_says_what_it_is_for() -> None:
    found = list(_arguments(parser.build()))
    assert len(found) > 60
    untold = [f"{name} {action.dest}" for name, action in found if not action.help]
    assert untold == []
