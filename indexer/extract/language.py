"""Tells the language of a text, by its script and its commonest words."""

import re
from collections import Counter
from collections.abc import Iterable

_SAMPLE = 20_000
_PIECE = 2_000
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NO_LETTER = {code: " " for code in range(128) if not (chr(code).isalpha() or chr(code) == "'")}
_SURE = ((8, 0.07, 1.25), (4, 0.20, 2.0))
"""Hits, share of all words and lead over the next language: of a text, and of a short one."""

_COMMON = {
    "en": "the of and to in is that for it with as was on are be this by at from or an have not"
    " which you we our your their has will can how what more all they but if when than who",
    "de": "der die und das in den von zu mit ist für im des auf nicht ein eine sich dem auch als"
    " wird sind bei oder werden einer aus wie nach durch zur zum über sie wir ihre haben kann mehr",
    "fr": "de la le et les des en un une du est pour que dans par sur au qui pas plus avec vous"
    " ce sont ou nous votre aux cette il elle ses être ont leur peut comme mais son d'un",
    "es": "de la que el en y los del las un por con una para es no se su al lo como más o sus"
    " esta este son pero entre cuando puede está ser sin sobre también todo desde tiene nuestro",
    "it": "di e il la che in un per è una del con non si della i le da al sono dei alla nel più"
    " gli come anche ma delle essere o dalla questo suo può tutti nella degli ha su vostro",
    "nl": "de van het een en in is dat op te voor met zijn die niet aan er om ook als bij of door"
    " uit naar worden wordt kan deze over u maar dan wij hun meer hebben onze heeft tot",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como ao das à ou"
    " são pelo pela também é sua seu ser está entre quando até nos nossa você foi isso tem",
    "sv": "och att det som en på är av för med den till i ett har inte de om vi kan från du ska"
    " var eller men så när vara alla sig hur era deras vid också mer efter detta",
    "da": "og at det som en på er af for med den til i et har ikke de om vi kan fra du skal"
    " var eller men så når være alle sig hvordan deres ved også mere efter dette hvor blev",
    "no": "og at det som en på er av for med den til i et har ikke de om vi kan fra du skal"
    " var eller men så når være alle seg hvordan deres ved også mer etter dette hvor ble",
    "fi": "ja on ei se että oli hän ovat mutta kun myös tai joka niin kuin voi ole sen ovat mukaan"
    " sekä olla jos vain nyt ennen kanssa meidän tämä tässä jotka mitä voidaan",
    "pl": "i w na z do się nie że jest to o jak za po dla od przez są oraz co tym lub być może"
    " przy które który jego tego ich także ale aby więcej można jako nasze",
    "cs": "a v na se je že s z do pro to o i jako za by po k ve jsou od které který nebo při jeho"
    " také být může ale aby více však podle jejich tím jak byl než",
    "tr": "ve bir bu için ile da de olarak daha çok olan en gibi kadar sonra ne veya her ise"
    " tarafından ya değil var olduğu üzerinde ancak şekilde edilir göre tüm",
    "ro": "și de la în a cu pentru din este nu care că pe un o sau mai al prin sunt ca dar poate"
    " acest această lor fi fost după ale unei către între până",
    "hu": "a az és hogy nem is egy van ez meg de azt csak el vagy volt mint már még ha lehet"
    " minden ki be ami aki amely után szerint által között kell",
    "id": "yang dan di dari untuk dengan pada ini itu adalah dalam tidak akan oleh atau sebagai"
    " dapat telah karena juga ke anda kami lebih bisa saat mereka harus secara",
}


def _by_word() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for language, words in _COMMON.items():
        for word in dict.fromkeys(words.split()):
            found.setdefault(word, []).append(language)
    return found


_LANGUAGES_OF = _by_word()

_SCRIPTS = (
    ("kana", re.compile("[\u3041-\u30ff]")),
    ("hangul", re.compile("[\uac00-\ud7a3\u1100-\u11ff]")),
    ("han", re.compile("[\u4e00-\u9fff\u3400-\u4dbf]")),
    ("cyrillic", re.compile("[\u0400-\u04ff]")),
    ("arabic", re.compile("[\u0600-\u06ff\u0750-\u077f]")),
    ("hebrew", re.compile("[\u0590-\u05ff]")),
    ("greek", re.compile("[\u0370-\u03ff]")),
    ("thai", re.compile("[\u0e00-\u0e7f]")),
    ("devanagari", re.compile("[\u0900-\u097f]")),
)
_NOT_LATIN = re.compile("[\u0370-\u1dff\u2e80-\ud7ff]")
_LEAST_SIGNS = 20
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_OF_SCRIPT = {"hangul": "ko", "hebrew": "he", "greek": "el", "thai": "th", "devanagari": "hi"}
_CODE = re.compile(r"^([A-Za-z]{2,3})(?:[-_].*)?$")
_NAMES = {
    **dict(english="en", german="de", deutsch="de", french="fr", français="fr", spanish="es"),
    **dict(español="es", italian="it", italiano="it", dutch="nl", nederlands="nl"),
    **dict(portuguese="pt", português="pt", japanese="ja", chinese="zh", eng="en", ger="de"),
    **dict(deu="de", fre="fr", fra="fr", spa="es", ita="it", nld="nl", dut="nl", por="pt"),
    **dict(nb="no", nn="no", nob="no", iw="he", jpn="ja", zho="zh", chi="zh", kor="ko", rus="ru"),
}


def language_code(declared: str) -> str | None:
    """Turn what a file says of its language ("de-AT", "German") into ISO 639-1, None if it can't.

    >>> language_code("de_AT.UTF-8"), language_code("English"), language_code("x-none")
    ('de', 'en', None)
    """
    name = declared.strip().casefold()
    if name in _NAMES:
        return _NAMES[name]
    match = _CODE.match(name)
    code = match.group(1) if match else ""
    code = _NAMES.get(code, code)
    return code if len(code) == 2 and code not in ("xx", "zz") else None


def detect(texts: Iterable[str]) -> str | None:
    """Return the ISO 639-1 code of the language of some pages, None when that is not sure.

    Up to 20,000 characters are looked at, the first 2,000 of each page. Other scripts than the
    Latin one tell the language themselves; with it, the share of each language's commonest words
    decides, and only a clear lead counts.
    """
    sample = _sample(texts)
    return _by_script(sample) or _by_words(sample)


def _sample(texts: Iterable[str]) -> str:
    pieces: list[str] = []
    left = _SAMPLE
    for text in texts:
        pieces.append(text[: min(_PIECE, left)])
        left -= len(pieces[-1])
        if left <= 0:
            break
    return "\n".join(pieces)


def _by_script(sample: str) -> str | None:
    if sample.isascii() or len(_NOT_LATIN.findall(sample)) < _LEAST_SIGNS:
        return None
    latin = len(_LATIN.findall(sample))
    counts = {name: len(pattern.findall(sample)) for name, pattern in _SCRIPTS}
    # A sign of Chinese is a word, and Japanese mixes three scripts with English names.
    asian = counts["han"] + counts["kana"]
    if counts["kana"] >= _LEAST_SIGNS and counts["kana"] * 10 >= asian and asian * 3 >= latin:
        return "ja"
    if counts["han"] >= _LEAST_SIGNS and asian * 3 >= latin and counts["hangul"] * 3 < asian:
        return "zh"
    name = max(counts, key=counts.__getitem__)
    if counts[name] < _LEAST_SIGNS or counts[name] * 2 < latin:
        return None
    if name == "cyrillic":
        return _cyrillic(sample)
    if name == "arabic":
        return _arabic(sample)
    return _OF_SCRIPT.get(name)


def _cyrillic(sample: str) -> str:
    text = sample.casefold()
    if sum(text.count(letter) for letter in "іїєґ") * 50 > len(text):
        return "uk"
    if text.count("ы") + text.count("э") == 0 and text.count("ъ") * 200 > len(text):
        return "bg"
    return "ru"


def _arabic(sample: str) -> str:
    """Persian has four letters, and forms of two more, that Arabic has not."""
    persian = sum(sample.count(letter) for letter in "پچژگکی")
    urdu = sum(sample.count(letter) for letter in "ٹڈڑںے")
    if urdu * 50 > len(sample):
        return "ur"
    return "fa" if persian * 50 > len(sample) else "ar"


def _words(text: str) -> list[str]:
    if not text.isascii():
        return _WORD.findall(text)
    found = text.translate(_NO_LETTER).split()
    if "'" not in text:
        return found
    # A third of the time of the pattern, which only words with an apostrophe need.
    return [w for word in found for w in (_WORD.findall(word) if "'" in word else (word,))]


def _by_words(sample: str) -> str | None:
    words = _words(sample.casefold())
    hits: Counter[str] = Counter()
    for word, times in Counter(filter(_LANGUAGES_OF.__contains__, words)).items():
        for language in _LANGUAGES_OF[word]:
            hits[language] += times
    if not hits:
        return None
    (first, most), (second, next_most) = [*hits.most_common(2), ("", 0)][:2]
    if {first, second} == {"da", "no"} and most > next_most:
        next_most = 0  # they share most words: the better of the two is good enough
    for least, share, lead in _SURE:
        if most >= max(least, share * len(words)) and most >= lead * next_most:
            return first
    return None
