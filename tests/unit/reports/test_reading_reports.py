"""Reading reports: what comes out of text, HTML and PDF, and what is said where nothing does."""

from __future__ import annotations

import hashlib
import io

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from startex.foundation.errors import UsageError
from startex.reports.sentences import LONGEST, sentences
from startex.reports.text import MAX_CHARACTERS, parse_report, read_report


def pdf(*pages: str, password: str = "") -> bytes:
    writer = PdfWriter()
    for page_text in pages:
        page = writer.add_blank_page(300, 300)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 20 200 Td ({page_text}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_plain_text_stays_as_it_is_and_keeps_its_checksum() -> None:
    text = "Ten ships sail.\n\nThey return on 3 June.\n"
    report = parse_report(text.encode(), "a.txt")
    assert (report.text, report.format, report.removed) == (text, "text", 0)
    assert report.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_line_ends_marks_and_control_characters_are_cleaned() -> None:
    raw = "\ufeffone\u200f two\r\nthr\u00adee\x07four\rfive\u2028six\u202c".encode()
    report = parse_report(raw, "a.txt")
    assert report.text == "one two\nthree four\nfive\nsix"
    assert report.removed == 3  # the byte order mark belongs to the encoding


def test_utf_16_and_a_named_encoding_are_read() -> None:
    assert parse_report("Ten ships".encode("utf-16"), "a").text == "Ten ships"
    assert parse_report("десять".encode("cp1251"), "a", encoding="cp1251").text == "десять"


def test_html_gives_what_a_reader_sees() -> None:
    page = b"""<!DOCTYPE html><html><head><title>Paper | Drills</title>
    <meta property="og:title" content="Ten ships &amp; one"><meta charset="utf-8">
    <meta property="article:published_time" content="2024-06-01T10:00:00Z">
    <style>p {x: y}</style></head><body><nav>Home News 99 ships</nav>
    <p>Ten <b>ships</b>
    sail.<br>All return.</p><script>var n = "500 soldiers";</script><!-- 7 tanks -->
    <ul><li>one<li>two</ul><noscript>3 jets</noscript><footer>2 boats</footer></body></html>"""
    report = parse_report(page, "a.html")
    assert report.text == "Ten ships sail.\n\nAll return.\n\none\n\ntwo"
    assert (report.title, report.date) == ("Ten ships & one", "2024-06-01")
    assert report.format == "html"


def test_of_a_page_with_an_article_only_that_is_read() -> None:
    long = "Ten ships sail out of the port. " * 10
    page = f"<html><body><p>Related: 5 tanks</p><article><p>{long}</p></article></body></html>"
    assert parse_report(page.encode(), "a").text == long.strip()


def test_deep_html_does_not_overflow() -> None:
    page = b"<html>" + b"<div>" * 20_000 + b"Ten ships sail."
    try:
        assert parse_report(page, "a").text == "Ten ships sail."
    except UsageError as error:
        assert "HTML" in str(error)


def test_a_pdf_gives_its_pages_in_order() -> None:
    report = parse_report(pdf("Ten ships sail out of port.", "They return on 3 June."), "a.pdf")
    assert report.text == "Ten ships sail out of port.\n\nThey return on 3 June."
    assert report.format == "pdf"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "is empty"),
        (b" \n\t ", "is empty"),
        ("\u200f\u200e".encode(), "holds no text"),
        (b"\x7fELF\x02\x01\x01\x00\x00\x00\x00", "is no text, HTML or PDF"),
        (bytes(range(256)) * 4, "is no text, HTML or PDF"),
        ("Привет\nмир".encode("cp1251"), "x:1: byte 0xcf is not UTF-8"),
        (b"good line\nbad \xff line", "x:2: byte 0xff is not UTF-8"),
        (b"%PDF-1.4 and then nothing", "is a PDF that cannot be read"),
        (b"<html><body><script>a</script></body></html>", "holds no text"),
        (b"ships " * 900_000, "give one report at a time"),
        (pdf(""), "holds no text, as a scanned page"),
        (pdf("Ten ships sail out of port.", password="secret"), "is encrypted"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_sentence(raw: bytes, words: str) -> None:
    with pytest.raises(UsageError, match=r"^x") as error:
        parse_report(raw, "x")
    assert words in str(error.value)
    assert len(str(error.value)) < 200


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_pdf_is_read_or_refused(seed: int) -> None:
    import random

    chance = random.Random(seed)
    raw = bytearray(pdf("Ten ships sail out of port.", "They return on 3 June."))
    for _ in range(30):
        raw[chance.randrange(5, len(raw))] = chance.randrange(256)
    try:
        assert parse_report(bytes(raw), "x.pdf").text
    except UsageError as error:
        assert str(error).startswith("x.pdf")


def test_files_that_are_not_there_or_no_files(tmp_path) -> None:
    with pytest.raises(UsageError, match="there is no file"):
        read_report(str(tmp_path / "none"))
    with pytest.raises(UsageError, match="is a folder"):
        read_report(str(tmp_path))
    (tmp_path / "a").write_text("Ten ships")
    with pytest.raises(UsageError, match="no encoding 'klingon'"):
        read_report(str(tmp_path / "a"), encoding="klingon")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gen. A. B. Petrov came. He left.", ["Gen. A. B. Petrov came.", "He left."]),
        ("The U.S. Navy sails 3.5 km. It rains.", ["The U.S. Navy sails 3.5 km.", "It rains."]),
        ("Ships of the U.S. The rest stays.", ["Ships of the U.S.", "The rest stays."]),
        ("On Aug. 29 it began. No. 5 won.", ["On Aug. 29 it began.", "No. 5 won."]),
        ("“We go,” he said. “Now!” Yes?", ["“We go,” he said.", "“Now!”", "Yes?"]),
        ("A heading\n\nIt is\nwrapped here.", ["A heading", "It is\nwrapped here."]),
        ("- one ship\n- two ships", ["- one ship", "- two ships"]),
        ("KYIV, May 3 (X) - It began. Good.", ["KYIV, May 3 (X) -", "It began.", "Good."]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert [span.of(text) for span in sentences(text)] == expected


def test_a_heading_of_wrapped_text_stands_for_itself() -> None:
    text = "Big drill opens\nThe exercise began today with a parade of all who\ntake part in it."
    assert [s.of(text)[:12] for s in sentences(text)] == ["Big drill op", "The exercise"]


@pytest.mark.parametrize("piece", ["ship ", ".", "x", "“", "\n", "1-", "A.", "- ", ".”"])
def test_text_without_sense_takes_no_time(piece: str) -> None:
    text = "a" + piece * (100_000 // len(piece)) + "b"
    assert len(text) <= MAX_CHARACTERS
    spans = sentences(text)
    assert all(span.end - span.start <= LONGEST for span in spans)
