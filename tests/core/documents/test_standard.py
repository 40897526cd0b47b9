"""Each number of GB/T 9704-2012 (research/workflows.md §6.1, domain §8) in the XML of a rendered document."""

import pytest
from docx.oxml.ns import qn

from core.documents import document_number, render
from core.documents.heads import mark_style
from tests.core.documents import samples

MM = 1440 / 25.4
FONTS = ("ascii", "hAnsi", "eastAsia", "cs")


@pytest.fixture(scope="module")
def data():
    return render(samples.bulletin(), created_at=samples.CREATED)


@pytest.fixture(scope="module")
def body(data):
    return samples.part(data)


def styled(root, key):
    """Return the paragraphs of a style."""
    return [p for p in root.iter(qn("w:p")) if p.find(f"{qn('w:pPr')}/{qn('w:pStyle')}").get(qn("w:val")) == key]


def prop(paragraph, tag, attribute="val"):
    found = paragraph.find(f"{qn('w:pPr')}/{qn(tag)}")
    return None if found is None else found.get(qn(f"w:{attribute}"))


def run_prop(paragraph, tag, attribute="val"):
    return {
        None if (found := run.find(f"{qn('w:rPr')}/{qn(tag)}")) is None else found.get(qn(f"w:{attribute}"))
        for run in paragraph.findall(qn("w:r"))
    }


def text(paragraph):
    return "".join(t.text for t in paragraph.iter(qn("w:t")))


def test_paper_is_a4_with_the_margins_of_the_standard_and_no_grid(body):
    first = next(body.iter(qn("w:sectPr")))
    size, margins = first.find(qn("w:pgSz")), first.find(qn("w:pgMar"))
    assert (size.get(qn("w:w")), size.get(qn("w:h"))) == ("11906", "16838")
    in_mm = {
        side: round(int(margins.get(qn(f"w:{side}"))) / MM, 1) for side in ("top", "bottom", "left", "right", "footer")
    }
    assert in_mm == {"top": 37, "bottom": 35, "left": 28, "right": 26, "footer": 25}
    assert not list(body.iter(qn("w:docGrid")))


def test_type_area_holds_22_lines_and_28_characters_and_no_more(body):
    size, margins = (next(body.iter(qn(tag))) for tag in ("w:pgSz", "w:pgMar"))
    height = int(size.get(qn("w:h"))) - int(margins.get(qn("w:top"))) - int(margins.get(qn("w:bottom")))
    width = int(size.get(qn("w:w"))) - int(margins.get(qn("w:left"))) - int(margins.get(qn("w:right")))
    paragraph = styled(body, "OfficialBody")[0]
    pitch = int(prop(paragraph, "w:spacing", "line"))
    (spacing,) = run_prop(paragraph, "w:spacing")
    (half_points,) = run_prop(paragraph, "w:sz")
    character = int(half_points) * 10 + int(spacing)
    assert (height // pitch, width // character) == (22, 28)


def test_body_is_16_point_fangsong_condensed_with_exact_pitch_and_two_characters_indent(body):
    paragraph = styled(body, "OfficialBody")[0]
    assert run_prop(paragraph, "w:rFonts", "eastAsia") == {"仿宋_GB2312"}
    assert run_prop(paragraph, "w:sz") == {"32"}
    assert run_prop(paragraph, "w:spacing") == {"-5"}
    assert (prop(paragraph, "w:spacing", "line"), prop(paragraph, "w:spacing", "lineRule")) == ("579", "exact")
    assert (prop(paragraph, "w:ind", "firstLine"), prop(paragraph, "w:ind", "firstLineChars")) == ("630", "200")
    assert prop(paragraph, "w:widowControl") == "0"
    assert (prop(paragraph, "w:autoSpaceDE"), prop(paragraph, "w:autoSpaceDN")) == ("0", "0")


@pytest.mark.parametrize(
    ("level", "font", "start"),
    [(1, "黑体", "一、"), (2, "楷体_GB2312", "（一）"), (3, "仿宋_GB2312", "1."), (4, "仿宋_GB2312", "（1）")],
)
def test_level_has_its_font_and_number(body, level, font, start):
    (paragraph,) = styled(body, f"OfficialHeading{level}")
    assert text(paragraph).startswith(start)
    assert run_prop(paragraph, "w:rFonts", "eastAsia") == {font}
    assert run_prop(paragraph, "w:sz") == {"32"}
    assert prop(paragraph, "w:spacing", "line") == "579"


def test_title_is_22_point_song_centred_two_lines_below_the_rule_in_balanced_lines(body):
    (title,) = styled(body, "OfficialTitle")
    assert run_prop(title, "w:rFonts", "eastAsia") == {"方正小标宋简体"}
    assert run_prop(title, "w:sz") == {"44"}
    assert (prop(title, "w:jc"), prop(title, "w:spacing", "before")) == ("center", str(2 * 579))
    assert [t.text for t in title.iter(qn("w:t"))] == [
        "西平县优化营商环境工作领导小组办公室",
        "关于2026年10月5日至10月11日",
        "全县营商环境工作情况的通报",
    ]


def test_every_run_of_every_part_says_its_four_fonts_and_its_size_and_none_is_bold(data):
    runs = [
        run
        for name in samples.parts(data, "word/")
        if name.endswith(".xml")
        for run in samples.part(data, name).iter(qn("w:r"))
    ]
    assert len(runs) > 300
    for run in runs:
        fonts = run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        assert len({fonts.get(qn(f"w:{kind}")) for kind in FONTS}) == 1, run
        assert fonts.get(qn("w:ascii"))
        assert run.find(f"{qn('w:rPr')}/{qn('w:sz')}") is not None
    for name in samples.parts(data, "word/"):
        if name.endswith(".xml"):
            root = samples.part(data, name)
            assert not [*root.iter(qn("w:b")), *root.iter(qn("w:bCs"))], name


def test_head_is_red_35_mm_below_the_type_area_s_edge(body):
    (mark,) = styled(body, "OfficialMark")
    assert run_prop(mark, "w:color") == {"D40000"}
    (half_points,) = run_prop(mark, "w:sz")
    empty_above_letters = 0.12 * int(half_points) / 2 * 20
    assert (int(prop(mark, "w:spacing", "before")) + empty_above_letters) / MM == pytest.approx(35, abs=0.1)


@pytest.mark.parametrize("letters", [4, 12, 18, 24, 40])
def test_mark_fits_on_one_line_and_is_larger_than_the_title_while_it_can(letters):
    style = mark_style("县" * letters)
    assert letters * style.size * style.scale / 100 <= 442.25
    assert style.size > 22 or letters > 30


def test_number_stands_two_lines_below_the_mark_and_carries_the_red_rule_4_mm_below(body):
    (number,) = styled(body, "OfficialNumber")
    assert text(number) == "西营商〔2026〕3号"
    assert prop(number, "w:jc") == "center"
    assert int(prop(number, "w:spacing", "before")) + int(prop(number, "w:spacing", "line")) == 3 * 579
    rule = number.find(f"{qn('w:pPr')}/{qn('w:pBdr')}/{qn('w:bottom')}")
    assert rule.get(qn("w:color")) == "D40000"
    empty_below_letters = 1
    assert (int(rule.get(qn("w:space"))) + empty_below_letters) * 20 / MM == pytest.approx(4, abs=0.2)


def test_draft_shows_the_places_of_number_and_dates():
    draft = samples.bulletin(number=document_number("西营商", 2026, None), dated_on=None, printed_on=None)
    body = samples.part(render(draft, created_at=samples.CREATED))
    assert text(styled(body, "OfficialNumber")[0]) == "西营商〔2026〕　号"
    assert text(styled(body, "OfficialDate")[0]) == "　年　月　日"
    assert text(styled(body, "OfficialColophon")[-1]) == f"{samples.ISSUER}　年　月　日印发"


def test_addressee_stands_flush_left_one_line_below_the_title_with_a_full_width_colon(body):
    (addressee,) = styled(body, "OfficialAddressee")
    assert text(addressee) == "各乡镇人民政府、街道办事处，县直及驻县各单位："
    assert (prop(addressee, "w:spacing", "before"), prop(addressee, "w:ind", "firstLine")) == ("579", "0")


def test_attachments_note_begins_a_line_below_the_text_two_characters_in_and_has_no_end_mark(body):
    first, second, third = styled(body, "OfficialAttachments")
    assert [text(p) for p in (first, second, third)] == [
        "附件：1. 指标进展情况表",
        "2. 未销号问题清单",
        "3. 超期工单清单",
    ]
    assert prop(first, "w:spacing", "before") == "579"
    assert int(prop(first, "w:ind", "left")) - int(prop(first, "w:ind", "hanging")) == 2 * 315
    assert int(prop(second, "w:ind", "left")) - int(prop(second, "w:ind", "hanging")) == 5 * 315


def test_date_ends_four_characters_from_the_right_and_the_name_is_centred_over_it(body):
    (name,), (day,) = styled(body, "OfficialIssuer"), styled(body, "OfficialDate")
    assert text(day) == "2026年10月2日"
    assert (prop(day, "w:jc"), prop(day, "w:ind", "right")) == ("right", str(4 * 315))
    width_of_date = (7 * 0.5 + 3) * 315
    centre_of_date = 4 * 315 + width_of_date / 2
    region = 8845 - int(prop(name, "w:ind", "left"))
    assert prop(name, "w:jc") == "center"
    assert region / 2 == pytest.approx(centre_of_date, abs=2)
    assert text(name) == samples.ISSUER
    assert all(len(t.text) * 315 <= region for t in name.iter(qn("w:t")))


def test_annex_begins_a_page_with_its_label_on_row_1_and_its_title_on_row_3(body):
    labels, titles = styled(body, "OfficialAnnexLabel"), styled(body, "OfficialAnnexTitle")
    assert [text(label) for label in labels] == ["附件1", "附件2", "附件3"]
    assert run_prop(labels[0], "w:rFonts", "eastAsia") == {"黑体"}
    assert [label.find(f"{qn('w:pPr')}/{qn('w:pageBreakBefore')}") is not None for label in labels] == [
        True,
        False,
        False,
    ]
    assert prop(titles[0], "w:spacing", "before") == "579"
    alone = render(samples.newsletter(), created_at=samples.CREATED)
    assert [text(p) for p in styled(samples.part(alone), "OfficialAnnexLabel")] == ["附件"]


def test_landscape_annex_has_a_section_turned_with_its_margins(body):
    sections = list(body.iter(qn("w:sectPr")))
    assert [s.find(qn("w:pgSz")).get(qn("w:orient")) for s in sections] == [None, "landscape", None]
    margins = sections[1].find(qn("w:pgMar"))
    assert {side: round(int(margins.get(qn(f"w:{side}"))) / MM) for side in ("top", "right", "bottom", "left")} == {
        "top": 28,
        "right": 37,
        "bottom": 26,
        "left": 35,
    }


def test_tables_repeat_their_head_keep_rows_whole_and_fill_the_width(body):
    tables = list(body.iter(qn("w:tbl")))
    assert len(tables) == 4
    for table, width in zip(tables, (8845, 8845, 12756, 8845), strict=True):
        first, *rest = table.findall(qn("w:tr"))
        assert first.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert not [row for row in rest if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None]
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in (first, *rest))
        assert sum(int(column.get(qn("w:w"))) for column in table.iter(qn("w:gridCol"))) == pytest.approx(width, abs=1)
    assert text(tables[3].findall(qn("w:tr"))[1]) == "无"


def test_colophon_has_rules_of_035_and_025_mm_and_lies_at_the_bottom_of_the_type_area(body):
    (box,) = (anchor for anchor in body.iter(qn("wp:anchor")) if anchor.find(qn("wp:docPr")).get("name") == "版记")
    position = box.find(qn("wp:positionV"))
    assert (position.get("relativeFrom"), position.find(qn("wp:align")).text) == ("margin", "bottom")
    rules = [rule.get(qn("w:sz")) for rule in box.iter(qn("w:bottom"))]
    assert [round(int(eighths) / 8 * 25.4 / 72, 2) for eighths in rules] == [0.35, 0.26, 0.35]
    copies, printed = (p for p in box.iter(qn("w:p")) if text(p))
    assert text(copies) == f"抄送：{samples.COPIES}。"
    assert text(printed) == f"{samples.ISSUER}2026年10月12日印发"
    assert run_prop(copies, "w:sz") == {"28"}
    assert int(prop(copies, "w:ind", "left")) - int(prop(copies, "w:ind", "hanging")) == 280
    last = list(body.iter(qn("w:sectPr")))[-1]
    assert last.find(qn("w:pgSz")).get(qn("w:orient")) is None


def test_colophon_after_a_landscape_annex_gets_a_portrait_page():
    body = samples.part(render(samples.newsletter(), created_at=samples.CREATED))
    orientations = [s.find(qn("w:pgSz")).get(qn("w:orient")) for s in body.iter(qn("w:sectPr"))]
    assert orientations == [None, "landscape", None]


def test_page_numbers_are_14_point_song_odd_right_even_left_one_character_in(data):
    settings = samples.part(data, "word/settings.xml")
    assert settings.find(qn("w:evenAndOddHeaders")) is not None
    seen = {}
    for name, content in samples.parts(data, "word/footer").items():
        if b"PAGE" in content:
            (paragraph,) = samples.part(data, name)
            assert run_prop(paragraph, "w:rFonts", "eastAsia") == {"宋体"}
            assert run_prop(paragraph, "w:sz") == {"28"}
            assert text(paragraph) == "— 1 —"
            side = prop(paragraph, "w:jc")
            assert prop(paragraph, "w:ind", side) == "280"
            seen[side] = seen.get(side, 0) + 1
    assert seen == {"right": 2, "left": 2}


def test_number_of_a_landscape_page_stands_at_its_left_edge_turned(data):
    boxes = [
        anchor
        for name in samples.parts(data, "word/header")
        for anchor in samples.part(data, name).iter(qn("wp:anchor"))
    ]
    assert len(boxes) == 2
    for box in boxes:
        assert box.find(qn("wp:positionH")).get("relativeFrom") == "page"
        assert int(box.find(f"{qn('wp:positionH')}/{qn('wp:posOffset')}").text) / 36000 == pytest.approx(25, abs=0.1)
        assert int(box.find(f"{qn('wp:positionV')}/{qn('wp:posOffset')}").text) / 36000 == pytest.approx(28, abs=0.1)
        assert "PAGE" in {field.text for field in box.iter(qn("w:instrText"))}
        assert b"eaVert" in samples.etree.tostring(box)


def test_newsletter_has_its_issue_issuer_and_date_in_the_head_and_none_at_the_end():
    body = samples.part(render(samples.newsletter(), created_at=samples.CREATED))
    assert text(styled(body, "OfficialMark")[0]) == "西平营商环境简报"
    assert text(styled(body, "OfficialNumber")[0]) == "第3期（总第262期）"
    (row,) = styled(body, "OfficialIssueRow")
    assert text(row) == f"{samples.ISSUER}2026年10月2日"
    assert row.find(f"{qn('w:pPr')}/{qn('w:pBdr')}/{qn('w:bottom')}").get(qn("w:color")) == "D40000"
    assert not styled(body, "OfficialIssuer")


def test_plain_document_begins_with_its_title_on_the_first_row():
    body = samples.part(render(samples.brief(), created_at=samples.CREATED))
    first = next(body.iter(qn("w:p")))
    assert text(first) == "西平县营商环境日调度专报"
    assert prop(first, "w:spacing", "before") == "0"
    assert not styled(body, "OfficialMark")
