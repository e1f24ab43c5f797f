"""When files are tried again that could not be read (FW-8)."""

from app.indexing.again import Again


def test_after_one_five_and_thirty_minutes_and_then_no_more() -> None:
    again, now, waited = Again(), 1_000.0, []
    again.passed([7], {7: {"locked.pptx"}}, now)
    while len(waited) < 3:
        begun = now
        while not again.due(now):
            now += 1.0
        waited.append(now - begun)
        again.passed([7], {7: {"locked.pptx"}}, now)
    assert waited == [60.0, 300.0, 1800.0]
    assert again.due(now + 10**6) == frozenset(), "the regular scans look at it like at all others"


def test_what_was_read_is_forgotten_and_what_failed_anew_begins_anew() -> None:
    again = Again()
    again.passed([7, 8], {7: {"a"}, 8: {"b"}}, 0.0)
    assert again.due(61.0) == {7, 8}
    again.passed([7], {}, 61.0)
    assert again.due(61.0) == {8}
    again.passed([8], {8: {"b"}}, 61.0)
    assert again.due(300.0) == frozenset()
    again.passed([8], {8: {"b", "c"}}, 300.0)
    assert again.due(361.0) == {8}


def test_a_pass_that_came_in_between_counts_as_no_attempt() -> None:
    again = Again()
    again.passed([7], {7: {"a"}}, 0.0)
    again.passed([7], {7: {"a"}}, 30.0)
    again.passed([8], {}, 50.0)
    assert again.due(59.0) == frozenset()
    assert again.due(60.0) == {7}
