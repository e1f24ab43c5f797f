"""Which language a text is in, and when it is better not to say."""

# ruff: noqa: E501 - wide letters count twice
from pathlib import Path

import pytest

from indexer.extract import extract
from indexer.extract.language import detect, language_code
from tests.unit.indexer import made

TEXTS = {
    "en": "The pilot boards the ship at the outer buoy and stays with it until it is moored. If the"
    " wind is more than seven, the harbour will be closed, and you have to wait for our call.",
    "de": "Der Lotse kommt an der äußeren Tonne an Bord und bleibt, bis das Schiff fest ist. Wenn der"
    " Wind zu stark wird, ist der Hafen für Sie nicht mehr offen, und wir rufen Sie an.",
    "fr": "Le pilote monte à bord à la bouée et reste avec vous jusqu'au quai. Si le vent est trop"
    " fort, le port est fermé pour les navires et il faut attendre que nous vous appelions.",
    "es": "El práctico sube a bordo en la boya y se queda con el barco hasta el muelle. Si el viento"
    " es muy fuerte, el puerto no está abierto para los barcos y hay que esperar una llamada.",
    "it": "Il pilota sale a bordo alla boa e resta con la nave fino alla banchina. Se il vento è"
    " troppo forte, il porto non è aperto per le navi e si deve aspettare una nostra chiamata.",
    "nl": "De loods komt bij de boei aan boord en blijft tot het schip vast ligt. Als de wind te"
    " hard is, dan is de haven niet open voor uw schip en wordt u door ons gebeld.",
    "pt": "O prático sobe a bordo na boia e fica com o navio até ao cais. Se o vento é muito forte,"
    " o porto não está aberto para os navios e você tem de esperar pela nossa chamada.",
    "sv": "Lotsen kommer ombord vid bojen och stannar tills fartyget är fast. Om det är för mycket"
    " vind så är hamnen inte öppen och ni får vänta på att vi ringer er från land.",
    "ru": "Лоцман поднимается на борт у буя и остаётся до швартовки, если ветер не слишком сильный.",
    "uk": "Лоцман піднімається на борт біля буя і залишається, доки судно не стане біля причалу.",
    "ja": "パイロットは外側のブイで乗船し、船が係留されるまでとどまります。風が強い場合は港が閉鎖されます。",
    "zh": "引航员在外浮标处登船，一直待到船只系泊完毕。如果风太大，港口将会关闭，请等待我们的通知。",
    "ko": "도선사는 외측 부표에서 승선하여 선박이 계류될 때까지 머무릅니다. 바람이 강하면 항구는 폐쇄됩니다.",
    "ar": "يصعد المرشد إلى السفينة عند العوامة الخارجية ويبقى حتى ترسو السفينة على الرصيف.",
    "fa": "راهنما در کنار بویه بیرونی سوار کشتی می‌شود و تا پهلوگیری کشتی می‌ماند. گاهی چند ساعت.",
    "he": "הנתב עולה על האונייה ליד המצוף החיצוני ונשאר עד שהיא נקשרת לרציף בנמל.",
    "el": "Ο πλοηγός ανεβαίνει στο πλοίο στην εξωτερική σημαδούρα και μένει μέχρι να δέσει.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_short_text_tells_its_language(language: str) -> None:
    assert detect([TEXTS[language]]) == language


@pytest.mark.parametrize(
    "text",
    ["", "490 510 620", "Azure DevOps AKS CI/CD", "Crane\tQuay\tBerth\n" * 50, "Müller & Söhne KG"],
)
def test_what_does_not_tell_is_not_guessed(text: str) -> None:
    assert detect([text]) is None


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        *(("de-AT", "de"), ("EN_us", "en"), ("English", "en"), ("deu", "de"), ("nb-NO", "no")),
        *(("x-none", None), ("", None), ("zz", None), ("Klingon", None), ("x" * 5_000, None)),
    ],
)
def test_what_files_declare_becomes_a_code(declared: str, code: str | None) -> None:
    assert language_code(declared) == code


def test_text_counts_more_than_the_template_and_the_declaration_where_it_is_silent(
    tmp_path: Path,
) -> None:
    page = f"<html lang='en-US'><body>{TEXTS['de']}</body></html>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    assert extract(tmp_path / "a.html").properties["language"] == "de"
    (tmp_path / "b.html").write_text("<html lang='fr-CA'><body>490</body></html>")
    assert extract(tmp_path / "b.html").properties["language"] == "fr"


def test_document_and_pdf_tell_the_language_they_declare(tmp_path: Path) -> None:
    mark = made.replaced(
        "word/document.xml",
        rb"<w:r><w:t>",
        b'<w:r><w:rPr><w:lang w:val="it-IT"/></w:rPr><w:t>',
    )
    found = extract(made.rewritten(made.document(tmp_path / "a.docx"), mark, tmp_path / "b.docx"))
    assert found.properties["language"] == "it"
    path = made.pdf(tmp_path / "a.pdf", ("490",))
    with made.pymupdf.open(path) as document:
        document.set_language("nl-NL")
        document.saveIncr()
    assert extract(path).properties["language"] == "nl"
