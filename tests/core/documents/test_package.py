"""The bytes repeat, and nothing typed becomes markup, a field or a link."""

import hashlib
import zipfile
from dataclasses import replace
from datetime import timedelta, timezone
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from core.documents import (
    Annex,
    Column,
    Heading,
    OfficialForm,
    Paragraph,
    Table,
    check_format,
    render,
    render_form,
    render_signing_sheet,
    text_of,
)
from core.documents.markup import lines_of, printable
from core.office import open_package, refuse_doctypes, refuse_macros
from tests.core.documents import samples

NASTY = '</w:t></w:r><w:fldSimple w:instr="DATE"/> & <b> "x" \' { DATE \\@ "yyyy" } =1+1 \x00\x0b\u202e终'


def all_xml(data: bytes) -> dict[str, bytes]:
    return {name: content for name, content in samples.parts(data, "").items() if name.endswith((".xml", ".rels"))}


@pytest.mark.parametrize(
    "make",
    [
        lambda: render(samples.bulletin(), created_at=samples.CREATED),
        lambda: render(samples.newsletter(), created_at=samples.CREATED),
        lambda: render_form(samples.assignment_form(), created_at=samples.CREATED),
        lambda: render_signing_sheet(samples.signing_sheet(), created_at=samples.CREATED),
    ],
    ids=["bulletin", "newsletter", "form", "signing_sheet"],
)
def test_the_same_input_gives_the_same_bytes(make):
    assert hashlib.sha256(make()).hexdigest() == hashlib.sha256(make()).hexdigest()


def test_the_same_moment_in_another_zone_gives_the_same_bytes_and_another_moment_does_not():
    here = samples.CREATED.astimezone(timezone(timedelta(hours=8)))
    first = render(samples.brief(), created_at=samples.CREATED)
    assert render(samples.brief(), created_at=here) == first
    assert render(samples.brief(), created_at=samples.CREATED + timedelta(seconds=1)) != first


def test_properties_name_the_office_and_the_given_moment_and_nobody_else():
    data = render(samples.bulletin(), created_at=samples.CREATED)
    properties = docx.Document(BytesIO(data)).core_properties
    assert (properties.author, properties.last_modified_by) == (samples.ISSUER, samples.ISSUER)
    assert properties.created == properties.modified == samples.CREATED
    assert properties.title == samples.TITLE
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in package.namelist() if "theme" in name or "thumbnail" in name]


def test_file_passes_the_guards_for_uploaded_office_files():
    package = open_package(render(samples.bulletin(), created_at=samples.CREATED))
    refuse_macros(package)
    refuse_doctypes(package)


def test_typed_text_stays_text_wherever_it_is_typed():
    document = samples.bulletin(
        title=NASTY,
        head=NASTY,
        number=NASTY,
        addressee=NASTY,
        issuer=NASTY,
        blocks=[Heading(NASTY), Paragraph(NASTY), Table([Column(NASTY)], [[NASTY]], caption=NASTY, note=NASTY)],
        annexes=[Annex(NASTY, [Paragraph(NASTY)], landscape=True)],
        copies_to=NASTY,
        printed_by=NASTY,
    )
    data = render(document, created_at=samples.CREATED)
    for name in all_xml(data):
        root = samples.part(data, name)
        assert not list(root.iter(qn("w:fldSimple"), qn("w:hyperlink"))), name
        assert {field.text for field in root.iter(qn("w:instrText"))} <= {"PAGE"}, name
        assert "TargetMode" not in str(all_xml(data)[name]), name
    assert text_of(data).count('<w:fldSimple w:instr="DATE"/> & <b>') >= 12


@given(st.text(max_size=60))
def test_any_text_can_be_rendered_and_is_found_again(typed):
    form = OfficialForm(title="表", number="号", rows=[], paragraphs=[f"始{typed}终"])
    data = render_form(form, created_at=samples.CREATED)
    for line in lines_of(f"始{typed}终"):
        assert line in text_of(data).split("\n")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("甲\t乙", "甲 乙"),
        ("甲\r\n乙", "甲 乙"),
        ("甲\u200b\u202e乙\ufeff", "甲乙"),
        ("甲\x00\x08乙", "甲乙"),
        ("\ud83d甲", "甲"),
        ("　甲", "　甲"),
    ],
)
def test_what_cannot_be_seen_is_taken_out(typed, printed):
    assert printable(typed) == printed


def test_line_ends_make_paragraphs_and_empty_lines_none():
    data = render(samples.brief(blocks=[Paragraph("甲。\r\n\n  乙。\n")]), created_at=samples.CREATED)
    assert text_of(data).split("\n")[1:3] == ["甲。", "乙。"]


def test_empty_document_of_every_kind_is_well_formed():
    for made in (samples.bulletin, samples.newsletter, samples.brief):
        document = replace(made(), blocks=[], annexes=[], copies_to="", printed_by="", issuer="", addressee="")
        assert check_format(render(document, created_at=samples.CREATED)) == []


def test_licensed_fonts_have_stand_ins():
    fonts = samples.part(render(samples.brief(), created_at=samples.CREATED), "word/fontTable.xml")
    stand_ins = {font.get(qn("w:name")): font.find(qn("w:altName")) for font in fonts}
    assert {name: there.get(qn("w:val")) for name, there in stand_ins.items() if there is not None} == {
        "仿宋_GB2312": "仿宋",
        "楷体_GB2312": "楷体",
        "方正小标宋简体": "宋体",
    }
