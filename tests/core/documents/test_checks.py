"""The format check finds nothing in what was rendered, and each deviation somebody may bring in by hand."""

import io

import pytest
from docx import Document
from docx.shared import Mm, Pt

from core.documents import check_format, render, render_form, render_signing_sheet, text_of
from core.documents.page_numbers import BOX_NAME
from core.exceptions import FileRefused
from core.personal_data import find_personal_data
from tests.core.documents import samples
from tests.factories import files


@pytest.fixture(scope="module")
def data():
    return render(samples.bulletin(), created_at=samples.CREATED)


def in_body(old: str, new: str, count: int = -1):
    """Return an edit of the text's part, which must really change something."""

    def change(name: str, xml: str) -> str:
        if name != "word/document.xml":
            return xml
        assert old in xml
        return xml.replace(old, new, count)

    return change


def in_parts(prefix: str, old: str, new: str):
    def change(name: str, xml: str) -> str:
        return xml.replace(old, new) if name.startswith(prefix) else xml

    return change


@pytest.mark.parametrize(
    "made",
    [
        lambda: render(samples.bulletin(), created_at=samples.CREATED),
        lambda: render(samples.bulletin(dated_on=None, printed_on=None), created_at=samples.CREATED),
        lambda: render(samples.newsletter(), created_at=samples.CREATED),
        lambda: render(samples.brief(), created_at=samples.CREATED),
        lambda: render_form(samples.assignment_form(), created_at=samples.CREATED),
        lambda: render_form(samples.rectification_notice(), created_at=samples.CREATED),
        lambda: render_signing_sheet(samples.signing_sheet(), created_at=samples.CREATED),
    ],
    ids=["bulletin", "draft", "newsletter", "brief", "form", "notice", "signing_sheet"],
)
def test_what_was_rendered_deviates_nowhere(made):
    assert check_format(made()) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (in_body('w:w="11906" w:h="16838"', 'w:w="12240" w:h="15840"'), "第1节（竖排）页宽应为210毫米，现为215.9毫米"),
        (in_body('w:top="2098"', 'w:top="1440"'), "第1节（竖排）上边距应为37毫米，现为25.4毫米"),
        (
            in_body('<w:cols w:space="720"/>', '<w:cols w:space="720"/><w:docGrid w:type="lines" w:linePitch="312"/>'),
            "第1节（竖排）设有文档网格",
        ),
        (in_body(' w:eastAsia="仿宋_GB2312"', ""), "文字上未写明字体（eastAsia）"),
        (in_body('<w:sz w:val="32"/>', ""), "文字上未写明字号"),
        (in_body('<w:spacing w:val="-5"/>', '<w:b/><w:spacing w:val="-5"/>'), "公文文字不加粗"),
        (in_body("仿宋_GB2312", "Calibri"), "公文正文应为仿宋_GB2312，现为Calibri"),
        (in_body("方正小标宋简体", "宋体"), "公文标题应为方正小标宋简体，现为宋体"),
        (in_body('<w:sz w:val="44"/>', '<w:sz w:val="36"/>'), "公文标题应为22磅，现为18磅"),
        (in_body('<w:sz w:val="32"/>', '<w:sz w:val="28"/>'), "公文正文应为16磅，现为14磅"),
        (in_body('<w:spacing w:val="-5"/>', '<w:spacing w:val="0"/>'), "公文正文的字距应为-0.25磅，现为0磅"),
        (in_body('w:line="579"', 'w:line="560"'), "公文正文行距应为固定值28.95磅"),
        (in_body('w:line="579" w:lineRule="exact"', 'w:line="579" w:lineRule="auto"'), "公文正文行距应为固定值"),
        (in_body('w:firstLineChars="200" w:firstLine="630"', 'w:firstLine="0"'), "公文正文应首行缩进2字"),
        (in_body('<w:widowControl w:val="0"/>', "<w:widowControl/>"), "段落应关闭孤行控制"),
        (in_body('<w:color w:val="D40000"/>', '<w:color w:val="000000"/>'), "发文机关标志应为红色 D40000，现为 000000"),
        (in_body('w:color="D40000"', 'w:color="FF0000"'), "红线应为 D40000，现为 FF0000"),
        (in_body("西营商〔2026〕3号", "西营商[2026]3号"), "“[2026]3号”的年份应使用六角括号〔2026〕"),
        (in_body("西营商〔2026〕3号", "西营商〔2026〕03号"), "“〔2026〕03号”不编虚位"),
        (in_body("2026年10月2日", "2026年10月02日"), "“2026年10月02日”不编虚位"),
        (in_body('w:right="1260"', 'w:right="0"'), "成文日期应右空4字"),
        (in_body("附件：1. 指标进展情况表", "附件：1. 指标进展情况表。"), "附件名称后不加标点符号"),
        (in_body("1. 指标进展情况表", "1. 指标情况表"), "附件“指标进展情况表”在附件说明中没有同名的一项"),
        (in_body("<w:tblHeader/>", ""), "第1个表格跨页时表头不重复"),
        (in_body("<w:cantSplit/>", ""), "第1个表格有行会跨页断开"),
        (in_body("OfficialBody", "Normal"), "段落不是公文的样式"),
        (in_parts("word/settings", "<w:evenAndOddHeaders/>", ""), "页码应单页居右、双页居左"),
        (in_parts("word/footer", "PAGE", "DATE"), "第1节单页没有页码"),
        (in_parts("word/footer", 'w:jc w:val="right"', 'w:jc w:val="center"'), "第1节单页页码应居右空一字"),
        (in_parts("word/footer", "— ", "第 "), "第1节单页页码应为“— 1 —”的样式"),
        (in_parts("word/footer", "宋体", "Times New Roman"), "页码应为宋体，现为Times New Roman"),
        (in_parts("word/header", "PAGE", "DATE"), "第2节（横排）单页没有页码"),
        (in_parts("word/header", BOX_NAME, "别的"), "第2节（横排）单页的页码不在竖排页页码的位置"),
    ],
)
def test_deviation_is_said_in_a_sentence(data, change, sentence):
    deviations = check_format(samples.edited(data, change))
    assert any(deviation.startswith(sentence) for deviation in deviations), deviations


def test_number_in_the_footer_of_a_landscape_page_is_said(data):
    footers = samples.parts(data, "word/footer")
    number = next(xml for xml in footers.values() if b"PAGE" in xml).decode()
    changed = samples.edited(
        data, lambda name, xml: number if name.startswith("word/footer") and "PAGE" not in xml else xml
    )
    assert check_format(changed) == [
        f"第2节（横排）{pages}的页码在横排页的页脚，应与竖排页的页码位置一致" for pages in ("单页", "双页")
    ]


def test_colophon_on_a_landscape_page_is_said(data):
    def turn_last(name, xml):
        if name != "word/document.xml":
            return xml
        start = xml.rindex("<w:pgSz")
        return xml[:start] + xml[start:].replace(
            'w:w="11906" w:h="16838"', 'w:w="16838" w:h="11906" w:orient="landscape"'
        )

    assert "版记应在竖排的最后一页" in check_format(samples.edited(data, turn_last))


def test_document_of_somebody_else_is_checked_too():
    foreign = Document()
    foreign.sections[0].page_height, foreign.sections[0].page_width = Mm(297), Mm(210)
    foreign.add_paragraph("正文").runs[0].font.size = Pt(16)
    out = io.BytesIO()
    foreign.save(out)
    deviations = check_format(out.getvalue())
    assert any("上边距应为37毫米" in deviation for deviation in deviations)
    assert any("段落不是公文的样式" in deviation for deviation in deviations)


@pytest.mark.parametrize(
    "broken", [b"", b"%PDF-1.4", files.docx(), files.xlsx([["x"]])], ids=["empty", "pdf", "hollow", "xlsx"]
)
def test_what_is_no_document_is_refused(broken):
    with pytest.raises(FileRefused):
        check_format(broken)


def test_text_holds_cells_boxes_headers_and_what_was_split_over_runs(data):
    text = text_of(data)
    for part in ("文甲001", "抄送：", "无", "附件2", "— 1 —", "（工作日3天）"):
        assert part in text
    split = samples.edited(data, in_body("28项指标应报", "138</w:t></w:r><w:r><w:t>12345678应报"))
    assert [finding.kind for finding in find_personal_data(text_of(split))] == ["手机号"]
    assert find_personal_data(text) == []
