"""Clocks around a computer that sleeps."""

from indexer.awake import Awake, Sleep


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_night_is_not_counted() -> None:
    clock = Clock()
    awake = Awake(clock)
    for _ in range(10):
        clock.now += 1.0
        awake.now()
    clock.now += 30_000.0
    assert awake.now() == 15.0
    clock.now += 1.0
    assert awake.now() == 16.0


def _sleep() -> tuple[Sleep, Clock, Clock]:
    wall, steady = Clock(), Clock()
    return Sleep(wall, steady), wall, steady


def test_sleep_is_told_where_the_steady_clock_stops_even_during_work() -> None:
    sleep, wall, steady = _sleep()
    wall.now += 7_000.0
    steady.now += 400.0
    sleep.restart()
    assert sleep.over()
    assert not sleep.over()


def test_sleep_is_told_where_both_clocks_run_on() -> None:
    sleep, wall, steady = _sleep()
    wall.now += 600.0
    steady.now += 600.0
    assert sleep.over()


def test_work_and_ordinary_waiting_are_no_sleep() -> None:
    sleep, wall, steady = _sleep()
    wall.now += 601.0
    steady.now += 600.0
    sleep.restart()
    assert not sleep.over()
    wall.now += 0.5
    steady.now += 0.5
    assert not sleep.over()
