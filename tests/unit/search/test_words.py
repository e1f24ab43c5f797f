"""Whatever way a word is written in the text, it is found whatever way it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.search.query import And, Everything, Node, Not, Or, Phrase, Word
from tests.unit.search.made import asset, found, index, typed

HIT, MISS = {1}, set[int]()


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        # Beginnings and endings
        ("Security matters", Word("secur", prefix=True), HIT),
        ("Security matters", Word("securit", prefix=True), HIT),
        ("Security matters", Word("security", prefix=True), HIT),
        ("Security matters", Word("SECURITIES"), HIT),
        ("Our securities", Word("security"), HIT),
        ("Security matters", Word("matter"), HIT),
        ("Security matters", Word("ecurity", prefix=True), MISS),
        ("Pricing model", Word("prices"), HIT),
        # Hyphens, either way
        ("Send an e-mail", Word("email"), HIT),
        ("Send an email", Word("e-mail"), HIT),
        ("Send an e-mail", Word("e-mail"), HIT),
        ("Send an e mail", Word("e-mail"), HIT),
        ("Send an e-mail", Phrase(("e", "mail")), HIT),
        ("a state-of-the-art thing", Word("state-of-the-art"), HIT),
        ("a state of the art thing", Word("state-of-the-art"), HIT),
        ("a state-of-the-art thing", Word("art"), HIT),
        ("an e\u2011mail", Word("email"), HIT),
        ("deep inte\u00adgration", Word("integration"), HIT),
        ("deep inte-\ngration of it", Word("integration"), HIT),
        # Signs that mean something
        ("We write C# and Go", Word("C#"), HIT),
        ("We write C# and Go", Word("c"), HIT),
        ("We write C and Go", Word("C#"), MISS),
        ("We write C++ here", Word("c++"), HIT),
        ("We write C++ here", Word("C#"), MISS),
        ("Built on .NET", Word(".NET"), HIT),
        ("Built on .NET", Word("net"), HIT),
        ("a net gain", Word(".net"), MISS),
        ("SOC 2 report", Word("SOC2"), HIT),
        ("SOC2 report", And((Word("soc"), Word("2"))), HIT),
        ("SOC 2 report", Phrase(("SOC", "2")), HIT),
        ("Support 24/7 there", Word("24/7"), HIT),
        ("In 24 of 7 cases", Word("24/7"), MISS),
        ("10,000 users", Word("10000"), HIT),
        ("10+ years", Word("10"), HIT),
        ("3.5 million", Word("3.5"), HIT),
        ("AT&T story", Word("at&t"), HIT),
        ("the customer's voice", Word("customer"), HIT),
        ("the customer\u2019s voice", Word("customers"), HIT),
        # Accents, ligatures, case
        ("Café au lait", Word("cafe"), HIT),
        ("Cafe au lait", Word("CAFÉ"), HIT),
        ("ﬁnance ofﬁcer", Word("finance"), HIT),
        ("Straße", Word("strasse"), HIT),
        ("Ørsted A/S", Word("orsted"), HIT),
        # Stop words
        ("The Who on tour", Word("the"), HIT),
        ("pricing overview", And((Word("the"), Word("pricing"))), HIT),
        ("to be or not to be", And((Word("to"), Word("be"))), HIT),
        ("pricing overview", And((Word("the"), Word("of"))), MISS),
        ("return on investment", Phrase(("return", "on", "investment")), HIT),
        ("return of investment", Phrase(("return", "on", "investment")), MISS),
        # Scripts without spaces
        ("降价方案和服务", Word("方案"), HIT),
        ("降价方案和服务", Word("服"), HIT),
        ("降价方案和服务", Word("务"), HIT),
        ("降价方案和服务", Word("价案"), MISS),
        ("データ分析", Word("分析"), HIT),
        ("데이터 보안", Word("보안"), HIT),
        ("ความปลอดภัย", Word("ปลอด"), HIT),
        ("降价方案和服务", Phrase(("降价", "方案")), HIT),
        ("降价方案和服务", Phrase(("方案", "降价")), MISS),
        ("降价 方案", Phrase(("降价", "方案")), HIT),
        # Other scripts
        ("Безопасность данных", Word("безопасность"), HIT),
        ("שָׁלוֹם", Word("שלום"), HIT),
        ("العَرَبِيَّة", Word("العربية"), HIT),
        ("हिन्दी भाषा", Word("हिन्दी"), HIT),
        # Structure
        ("one two", Everything(), HIT),
        ("one two", Not(Word("one")), MISS),
        ("one two", And((Not(Word("three")),)), HIT),
        ("one two", And((Word("one"), Not(Word("two")))), MISS),
        ("one two", Or((Word("three"), Word("two"))), HIT),
        ("one two", Phrase(("two", "one")), MISS),
        ("one two", Phrase(()), MISS),
        ("one two", Or(()), MISS),
        ("one two", And(()), MISS),
        ("one two", Word("?!"), MISS),
        ("one two", And((Word("one"), Word("--"))), HIT),
        ("one two", Word(""), MISS),
    ],
)
def test_a_text_is_found(tmp_path: Path, text: str, query: Node, expected: set[int]) -> None:
    assert found(index(tmp_path / "index", asset(1, text)), query) == expected


@pytest.mark.parametrize(
    ("language", "text", "query"),
    [
        ("de", "Die Häuser der Kunden", "Haus"),
        ("de", "Die Häuser der Kunden", "hauser"),
        ("fr", "Les sécurités renforcées", "renforcé"),
        ("es", "Las soluciones rápidas", "solución"),
        ("it", "Le soluzioni aziendali", "soluzione"),
        ("nl", "De klanten betalen", "klant"),
        ("pt", "Os clientes satisfeitos", "cliente"),
        ("pl", "Bezpieczeństwo danych", "bezpieczenstwo"),
        (None, "Several prices", "price"),
    ],
)
def test_inflection_follows_the_language_of_the_document(
    tmp_path: Path, language: str | None, text: str, query: str
) -> None:
    searcher = index(tmp_path / "index", asset(1, text, language=language), asset(2, "Other deck"))
    assert found(searcher, Word(query)) == {1}


def test_typing_a_word_never_loses_it(tmp_path: Path) -> None:
    """What each longer beginning finds, the shorter one found too."""
    searcher = index(
        tmp_path / "index", asset(1, "Securities trading"), asset(2, "secure"), asset(3, "sector")
    )
    for word in ("securities", "trading"):
        for end in range(1, len(word) + 1):
            assert 1 in found(searcher, typed(word[:end])), word[:end]


def test_each_field_can_be_asked_alone(tmp_path: Path) -> None:
    doc = asset(
        1, "apple", title="banana", filename="cherryPie_v2.pptx", heading="date", notes="elder"
    )
    searcher = index(tmp_path / "index", doc)
    where = {"apple": "body", "banana": "title", "date": "body", "elder": "notes"}
    where |= {"cherry": "file", "pie": "file", "pptx": "file", "cherrypie": "file"}
    for word, field in where.items():
        for asked in ("title", "file", "body", "notes", None):
            expected = HIT if asked in (field, None) else MISS
            assert found(searcher, Word(word, field=asked)) == expected, (word, asked)


def test_a_capped_beginning_says_at_least(tmp_path: Path) -> None:
    many = " ".join(f"x{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(100))
    searcher = index(tmp_path / "index", asset(1, many), asset(2, "yes"))
    assert not searcher.search(Word("x", prefix=True)).exact
    assert searcher.search(Word("y", prefix=True)).exact


def test_the_words_of_the_index_complete_and_correct(tmp_path: Path) -> None:
    searcher = index(
        tmp_path / "index", asset(1, "security security securities secret", "competitor analysis")
    )
    assert searcher.completions("secu") == ["security", "securities"]
    assert searcher.completions("SEC", k=2) == ["security", "secret"]
    assert searcher.completions(" ") == []
    assert searcher.suggest("secuirty") == "security"
    assert searcher.suggest("conpetitro") == "competitor"
    assert searcher.suggest("security") is None
    assert searcher.suggest("qqqqqq") is None
    assert searcher.suggest("") is None
