"""Our English stemmer against Whoosh's, which it replaces: the same stem for every word."""

import random
import string

import pytest

from indexer.search import english
from indexer.search import text as words
from indexer.search.whooshed import stemmer_for_language

WHOOSH = stemmer_for_language("en")
STARTS = ("", "gener", "commun", "arsen", "y", "a", "ski", "proceed")
ENDS = [*english._STEP_2, *english._STEP_3, *english._STEP_4, *english._STEP_1B]
ENDS += ["s", "sses", "ies", "ied", "us", "ss", "y", "l", "e", "ll", ""]


def _word(rng: random.Random) -> str:
    middle = "".join(rng.choice("abegilnosty") for _ in range(rng.randint(0, 6)))
    ends = "".join(rng.choice(ENDS) for _ in range(rng.randint(0, 3)))
    return rng.choice(STARTS) + middle + ends or "a"


@pytest.mark.parametrize("seed", range(4))
def test_words_of_syllables_and_endings_have_whooshs_stem(seed: int) -> None:
    rng = random.Random(seed)
    made = {_word(rng) for _ in range(5_000)}
    assert {word: english.stem(word) for word in made} == {word: WHOOSH(word) for word in made}


def test_words_of_any_letters_have_whooshs_stem() -> None:
    rng = random.Random(7)
    letters = string.ascii_lowercase + "yyéüßñøœʼжа漢"
    made = {"".join(rng.choices(letters, k=rng.randint(1, 12))) for _ in range(5_000)}
    assert {word: english.stem(word) for word in made} == {word: WHOOSH(word) for word in made}


def test_special_words_have_whooshs_stem() -> None:
    special = vars(type(WHOOSH.__self__))["_EnglishStemmer__special_words"]
    assert special == english._SPECIAL


def test_it_is_the_one_that_is_asked() -> None:
    assert words.stemmer(None) is words.stemmer("en-US") is english.stem


@pytest.mark.parametrize("language", [None, "de", "ja"])
def test_a_plain_run_is_what_the_long_way_makes_of_it(language: str | None) -> None:
    rng = random.Random(11)
    signs = "abz09()[]{}\",;:!?*<>=|~^`$%@\\-/'&_.+#é漢"
    runs = {"".join(rng.choices(signs, k=rng.randint(1, 7))) for _ in range(30_000)}
    runs |= {"x" * 60, "-" + "y" * 50 + ".", "9" * 60, "."}
    plain = [run for run in runs if words.plain(run)]
    assert len(plain) > 1_000
    for run in plain:
        chains = words.chains(run)
        assert len(chains) == 1, run
        cut = words.cut(chains[0])
        assert words.places(cut) == [(0, words.plain(run))], run
        assert words.fold(words.plain(run)) == words.plain(run)
