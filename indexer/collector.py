"""Python's collector of unreachable cycles, set for programs that load much and make few cycles.

Looking through everything that was imported, again and again while it is being imported and once
more at the end, takes a quarter of the time that a command needs to start and to leave.
"""

import gc

_NEW_OBJECTS, _YOUNG_ROUNDS, _OLD_ROUNDS = 200_000, 20, 20


def seldom() -> None:
    """Look for cycles after 200,000 new objects instead of 700: some megabytes may wait."""
    gc.set_threshold(_NEW_OBJECTS, _YOUNG_ROUNDS, _OLD_ROUNDS)


def keep() -> None:
    """What is loaded by now stays, and need not be looked through again and again."""
    gc.freeze()


def loaded() -> None:
    """What is loaded by now stays: a program that looks seldom never looks through it.

    To be called once or twice: rubbish that is there by now stays as well.
    """
    if gc.get_threshold()[0] == _NEW_OBJECTS:
        gc.freeze()


def leave() -> None:
    """At the end of a program: look through nothing more, since all goes with the process."""
    gc.freeze()
