"""Real documents that nobody here wrote: all are read, and the broken ones break nothing."""

from collections import Counter
from pathlib import Path

import pytest

from indexer.extract import extract
from indexer.extract.office import find_office
from indexer.scan import Found, real_path, scan
from indexer.worker import Done, Extractors, Job

pytestmark = pytest.mark.corpus


def _read(root: Path) -> dict[str, Done]:
    found = list(scan(root))
    jobs = (Job(one, real_path(root, one.relpath, one.raw)) for one in found)
    with Extractors(2) as pool:
        done = list(pool.run(jobs))
    assert len(done) == len(found)
    keys = [one.key for one in done]
    assert all(isinstance(key, Found) for key in keys)
    return {key.relpath: one for key, one in zip(keys, done, strict=True)}  # type: ignore[attr-defined]


def test_collateral_is_read_and_nothing_is_lost(corpus: Path) -> None:
    root = corpus / "collateral"
    done = _read(root)
    files = [path for path in root.rglob("*") if path.is_file()]
    assert len(done) == len(files)
    assert all(one.sha256 and not one.changed and not one.vanished for one in done.values())
    states = Counter(one.extracted.state for one in done.values())
    assert states["indexed"] > 0.9 * len(files)
    assert set(states) <= {"indexed", "no_text", "protected", "damaged"}
    for one in done.values():
        assert one.extracted.title
        assert (one.extracted.reason is None) == (one.extracted.state == "indexed")


def test_collateral_under_a_sensitivity_label_says_so(corpus: Path) -> None:
    done = _read(corpus / "collateral" / "partner-resources" / "assets")
    protected = {
        Path(name).name for name, one in done.items() if one.extracted.state == "protected"
    }
    assert {"SentinelDay2March.pptx", "Vendor Invoice Template.docx"} <= protected
    assert {"Vendor Invoice 11128.pdf", "Vendor Invoice 11133.pdf"} <= protected
    two_bytes = done["misc/GPS-Enablement_partner-skilling-playbook_Aug_FY25 [PARTNER READY].pdf"]
    assert two_bytes.extracted.state == "damaged"
    assert "only 2 bytes" in str(two_bytes.extracted.reason)


EXPECTED = {
    "apache+poi/poc-xmlbomb.xlsx": "no_text",
    "apache+poi/54764.xlsx": "indexed",
    "apache+poi/poc-shared-strings.xlsx": "indexed",
    "apache+poi/49609.xlsx": "indexed",
    "apache+poi/SimpleStrict.xlsx": "indexed",
    "apache+poi/bug65649.docx": "indexed",
    "apache+poi/bug53475-password-is-pass.docx": "protected",
    "apache+poi/truncated62886.docx": "damaged",
    "apache+poi/Divino_Revelado.pptx": "damaged",
    "apache+poi/stress022.pptx": "indexed",
    "apache+poi/stress025.docx": "name_only",
    "apache+poi/TestRobert_Flaherty.doc": "indexed",
    "apache+poi/SharedFormulaTest.xls": "indexed",
    "apache+poi/clusterfuzz-testcase-minimized-POIHSSFFuzzer-5816431116615680.xls": "damaged",
    "apache+poi/bug56240.ppt": "indexed",
    "apache+poi/missing_core_records.ppt": "indexed",
    "apache+poi/PPT95.ppt": "indexed",
    "apache+tika/testEXCEL.xlsb": "damaged",
    "apache+tika/testKeynote2013.key": "indexed",
    "apache+tika/testPagesPwdProtected.pages": "protected",
    "apache+tika/testUnicodePassword.pdf": "protected",
    "docling-project+docling/Strict.docx": "indexed",
    "mozilla+pdf.js/GHOSTSCRIPT-698804-1-fuzzed.pdf": "damaged",
    "mozilla+pdf.js/Pages-tree-refs.pdf": "indexed",
    "mozilla+pdf.js/poppler-67295-0.pdf": "damaged",
    "synthetic/laughs.docx": "indexed",
    "synthetic/laughs.pptx": "indexed",
    "synthetic/sparse_full.xlsx": "indexed",
    "synthetic/zipbomb.docx": "too_large",
}


BY_OFFICE = ("Word95.doc", "word2.doc", "PPT95.ppt", "pp40only.ppt", "51535.xls")


def test_files_from_before_1997_are_read_where_libreoffice_is(corpus: Path) -> None:
    if find_office() is None:
        pytest.skip("LibreOffice is not installed here")
    jobs = (Job(name, corpus / "broken" / "apache+poi" / name) for name in BY_OFFICE)
    with Extractors(2) as pool:
        done = {str(one.key): one.extracted for one in pool.run(jobs)}
    assert {name: one.state for name, one in done.items()} == dict.fromkeys(BY_OFFICE, "indexed")
    assert "quick brown fox" in done["Word95.doc"].pages[0].body
    assert done["PPT95.ppt"].title == "XML, HTML and All That"


LANGUAGES = {
    "2010/OWASP Top 10 2010 Spanish.pptx": "es",
    "2013/OWASP Top 10 - 2013 English FInal.pptx": "en",
    "2017/de/OWASP Top 10-2017_de_V1.0.pptx": "de",
    "2017/fa/owasp top10 2017 fa.pptx": "fa",
    "2017/ja/OWASP Top 10-2017(ja).pptx": "ja",
}


def test_translations_tell_their_language(corpus: Path) -> None:
    root = corpus / "collateral" / "owasp-top10"
    found = {name: extract(root / name).properties.get("language") for name in LANGUAGES}
    assert found == LANGUAGES


def test_broken_files_break_nothing(corpus: Path) -> None:
    done = _read(corpus / "broken")
    states = {name: done[name].extracted.state for name in EXPECTED}
    assert states == EXPECTED
    for one in done.values():
        # Nothing ran into a limit: each was judged by its reader.
        assert "twice" not in (one.extracted.reason or "")
        assert sum(len(page.body) for page in one.extracted.pages) <= 10_000_000
    outside = "".join(p.body for p in done["apache+poi/ExternalEntityInText.docx"].extracted.pages)
    assert "root:" not in outside
