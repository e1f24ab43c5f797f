"""Words that say little of what is looked for, and words that are no slips of others."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from indexer.search.text import stop_words

FILLERS = frozenset(
    {
        "about", "any", "anything", "asset", "assets", "deck", "decks", "do", "document",
        "documents", "does", "doing", "explain", "explains", "find", "get", "give", "help",
        "helps", "i", "know", "like", "look", "looking", "material", "materials", "me", "my",
        "need", "needs", "our", "please", "send", "show", "showing", "slide", "slides", "some",
        "something", "tell", "them", "they", "us", "want", "wants", "way", "what", "where",
        "which", "who", "why", "would",
    }
)  # fmt: skip
"""Words of a need put into a sentence that say nothing about what is needed."""

EVERYDAY = frozenset(
    {
        "able", "afraid", "already", "also", "always", "another", "anybody", "anyone", "ask",
        "asked", "asking", "asks", "bad", "begin", "best", "better", "big", "bring", "brings",
        "call", "called", "came", "case", "come", "comes", "coming", "day", "days", "different",
        "easily", "easy", "else", "even", "ever", "everybody", "everyone", "everything", "fast",
        "feel", "feels", "first", "go", "goes", "going", "gone", "good", "great", "happen",
        "happening", "happens", "happy", "keep", "keeping", "keeps", "kind", "kinds", "knows",
        "last", "let", "lets", "lot", "lots", "made", "make", "makes", "making", "many", "mean",
        "means", "much", "needed", "never", "new", "next", "nice", "nobody", "nothing", "often",
        "old", "one", "part", "parts", "people", "person", "place", "places", "possible", "put",
        "puts", "quick", "quickly", "real", "really", "right", "run", "running", "runs", "said",
        "saw", "say", "saying", "says", "see", "seen", "sees", "since", "slow", "small",
        "somebody", "someone", "sometimes", "start", "started", "starting", "still", "stuff",
        "take", "taken", "takes", "taking", "talk", "talking", "talks", "thing", "things",
        "think", "thinking", "time", "times", "today", "took", "tries", "try", "trying", "two",
        "type", "use", "used", "uses", "using", "wanted", "ways", "went", "whole", "within",
        "without", "work", "working", "works", "worried", "worry", "wrong",
    }
)  # fmt: skip
"""Words of every kind of text: where some of the words are enough, these alone are not."""


def says_nothing(word: str) -> bool:
    """Whether a folded word only holds a sentence together."""
    return word in FILLERS or word in stop_words("en")


def says_little(word: str) -> bool:
    """Whether a folded word is no reason to show what has it."""
    return word in EVERYDAY or says_nothing(word)


@lru_cache(maxsize=1)
def ordinary() -> frozenset[str]:
    """English words of four letters and more that are common: such a word is no slip."""
    return frozenset((files("resources") / "words.txt").read_text("ascii").split())
