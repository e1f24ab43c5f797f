"""When has a file settled? (FW-8)"""

from indexer.watch.stability import Stability


def test_settles_after_the_delay_and_only_once() -> None:
    tracker: Stability[str] = Stability(5.0)
    tracker.touch("a", 0.0, 10, 1)
    assert tracker.settled(4.9) == []
    assert tracker.settled(5.0) == ["a"]
    assert tracker.settled(99.0) == []
    assert len(tracker) == 0


def test_growth_starts_the_delay_again() -> None:
    tracker: Stability[str] = Stability(5.0)
    tracker.touch("a", 0.0, 10, 1)
    tracker.touch("a", 3.0, 20, 2)
    assert tracker.settled(6.0) == []
    assert tracker.settled(8.0) == ["a"]


def test_same_size_with_another_time_is_a_change() -> None:
    tracker: Stability[str] = Stability(5.0)
    tracker.touch("a", 0.0, 10, 1)
    tracker.touch("a", 3.0, 10, 2)
    assert tracker.settled(5.0) == []


def test_repeated_hints_without_change_do_not_delay_fw10() -> None:
    tracker: Stability[str] = Stability(5.0)
    for moment in (0.0, 1.0, 4.0):
        tracker.touch("a", moment, 10, 1)
    assert tracker.settled(5.0) == ["a"]


def test_looks_once_more_and_waits_when_a_copy_grew_in_silence() -> None:
    sizes = {"a": (20, 2)}
    tracker: Stability[str] = Stability(5.0, stat=sizes.get)
    tracker.touch("a", 0.0, 10, 1)
    assert tracker.settled(5.0) == []
    assert tracker.settled(9.9) == []
    assert tracker.settled(10.0) == ["a"]


def test_a_file_that_is_gone_is_dropped() -> None:
    tracker: Stability[str] = Stability(5.0, stat=lambda _: None)
    tracker.touch("a", 0.0, 10, 1)
    assert tracker.settled(5.0) == []
    assert len(tracker) == 0


def test_says_when_to_look_again_and_forgets() -> None:
    tracker: Stability[str] = Stability(5.0)
    assert tracker.next_due() is None
    tracker.touch("a", 1.0, 10, 1)
    tracker.touch("b", 3.0, 10, 1)
    assert tracker.next_due() == 6.0
    tracker.forget("a")
    assert tracker.next_due() == 8.0
