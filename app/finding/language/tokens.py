"""What was typed, cut into words, phrases, fields, operators and brackets, each with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_CHARACTERS = 400
MAX_TOKENS = 64
OPERATORS = ("AND", "OR", "NOT")

_QUOTES = str.maketrans(dict.fromkeys("“”„«»‟＂", '"') | {"：": ":", "（": "(", "）": ")"})
_BARE = r'[^\s"(),]'
_VALUE = rf'(?:"[^"]*"?|{_BARE}+)?(?:,(?:"[^"]*"?|{_BARE}+)?)*'
_TOKEN = re.compile(
    rf"""(?P<open>\() | (?P<close>\)) | (?P<before>-)(?=\() |
    (?P<minus>-)? (?:
        (?P<field>[A-Za-z_]+):(?P<value>{_VALUE}) |
        "(?P<phrase>[^"]*)"? |
        (?P<word>[^\s"()]+)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of the text, from ``start`` to ``end``.

    ``kind`` is word, phrase, field, operator, minus, open or close; ``value`` is what is looked
    for, and for a field what stands after the colon as it was typed; ``negated`` by a minus.
    """

    kind: str
    text: str
    start: int
    end: int
    value: str = ""
    name: str = ""
    negated: bool = False

    @property
    def is_leaf(self) -> bool:
        """Whether this looks for something, and is no operator or bracket."""
        return self.kind in ("word", "phrase", "field")


def tokens(text: str) -> list[Token]:
    """The pieces of the first 400 characters; nothing typed is refused."""
    shown = text[:MAX_CHARACTERS]
    found = [_token(match) for match in _TOKEN.finditer(shown.translate(_QUOTES))]
    kept = [token for token in found if not token.is_leaf or _says_something(token)]
    return _balanced(kept[:MAX_TOKENS])


def _token(match: re.Match[str]) -> Token:
    text, start, end = match.group(), match.start(), match.end()
    if match["open"] or match["close"]:
        return Token("open" if match["open"] else "close", text, start, end)
    if match["before"]:
        return Token("minus", text, start, end)
    negated = bool(match["minus"])
    if match["field"]:
        return Token("field", text, start, end, match["value"], match["field"], negated)
    if match["phrase"] is not None:
        return Token("phrase", text, start, end, match["phrase"], "", negated)
    if text in OPERATORS:
        return Token("operator", text, start, end)
    return Token("word", text, start, end, match["word"], "", negated)


def _says_something(token: Token) -> bool:
    return token.kind == "field" or any(sign.isalnum() for sign in token.value)


def _balanced(found: Sequence[Token]) -> list[Token]:
    """Without brackets that have no partner."""
    open_at: list[int] = []
    partners: set[int] = set()
    for at, token in enumerate(found):
        if token.kind == "open":
            open_at.append(at)
        elif token.kind == "close" and open_at:
            partners |= {open_at.pop(), at}
    kept = [
        token
        for at, token in enumerate(found)
        if token.kind not in ("open", "close") or at in partners
    ]
    while (empty := next((n for n in range(len(kept)) if _is_empty(kept, n)), None)) is not None:
        del kept[empty : empty + 2]
    return kept


def _is_empty(kept: Sequence[Token], at: int) -> bool:
    return [token.kind for token in kept[at : at + 2]] == ["open", "close"]


def without(found: Sequence[Token], left_out: Token) -> str:
    """The text without one piece, and without operators and brackets that have lost their sense."""
    kept = list(found)
    at = next(at for at, token in enumerate(kept) if token is left_out)
    _cut(kept, at, at + 1)
    while (at := next((n for n in range(len(kept)) if _is_idle(kept, n)), -1)) >= 0:
        if _is_empty(kept, at):
            _cut(kept, at, at + 2)
        elif kept[at].kind == "open":
            del kept[at + 2], kept[at]
        else:
            del kept[at]
    out = ""
    for before, token in zip([None, *kept], kept, strict=False):
        tight = before is None or before.kind in ("open", "minus") or token.kind == "close"
        out += token.text if tight else f" {token.text}"
    return out


def text_without(text: str, pieces: Sequence[str]) -> str:
    """The text without some pieces, each given as it was typed."""
    for piece in pieces:
        found = tokens(text)
        token = next((token for token in found if token.text == piece), None)
        if token is not None:
            text = without(found, token)
    return text


def _cut(kept: list[Token], start: int, stop: int) -> None:
    """Take something out, with what denies it and one OR that joined it to another."""
    while start and _denies(kept[start - 1]):
        start -= 1
    if stop < len(kept) and _is_or(kept[stop]):
        stop += 1
    elif start and _is_or(kept[start - 1]):
        start -= 1
    del kept[start:stop]


def _denies(token: Token) -> bool:
    return token.kind == "minus" or (token.kind == "operator" and token.text == "NOT")


def _is_or(token: Token) -> bool:
    return token.kind == "operator" and token.text == "OR"


def _is_idle(kept: Sequence[Token], at: int) -> bool:
    token = kept[at]
    after = kept[at + 1] if at + 1 < len(kept) else None
    if token.kind == "open":
        kinds = [each.kind for each in kept[at : at + 3]]
        single = len(kinds) == 3 and kinds[2] == "close" and kept[at + 1].is_leaf
        return single or _is_empty(kept, at)
    if _denies(token):
        return after is None or after.kind in ("close", "operator")
    if token.kind == "operator":
        before = kept[at - 1] if at else None
        begins = before is None or before.kind in ("open", "operator", "minus")
        ends = after is None or after.kind == "close"
        return begins or ends or (after is not None and after.text in ("AND", "OR"))
    return False


def values(raw: str) -> tuple[str, ...]:
    """The values after a colon: ``draft,"in review"`` are two; quotes are taken off."""
    parts = re.findall(r'"([^"]*)"?|([^",]+)', raw)
    found = ((quoted or bare).strip() for quoted, bare in parts)
    return tuple(value for value in found if value)
