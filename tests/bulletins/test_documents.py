"""The files of a paper: to the standard as .docx, computing as .xlsx, linked as HTML, one page where it must be."""

import io
import re
import subprocess
from datetime import date, datetime

import openpyxl
import pytest
from docx import Document
from docx.oxml.ns import qn

from bulletins.documents import Checks, checks_on, paper_of, render_file
from bulletins.documents.workbook import score_formula
from bulletins.services import drafting, editing, review
from core.dates import SHANGHAI, parse_period
from core.documents import fits_one_page
from indicators.models import CoordinationItem, Indicator
from tests.bulletins.conftest import MONDAY, draft_notice, issue_notice
from tests.components import to_pdf

pytestmark = pytest.mark.django_db
LINES_ON_A_PAGE = 22
NOTHING_FOUND = Checks(blocking=[], findings=[])


def words(data: bytes) -> list[str]:
    """Return the paragraphs of the body that hold something."""
    return [paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs if paragraph.text.strip()]


def test_draft_leaves_blanks_where_number_and_date_will_stand(week):
    said = words(render_file(draft_notice(week), "docx"))
    assert "西营商〔2026〕　号" in said
    assert any("　年　月　日" in line for line in said)


def test_issued_paper_has_its_parts_in_order(week):
    bulletin = issue_notice(week)
    said = words(render_file(bulletin, "docx"))
    whole = "\n".join(said)
    order = [
        "西平县优化营商环境工作领导小组办公室",
        "西营商〔2026〕1号",
        "各乡镇人民政府、街道办事处，县直及驻县各单位：",
        "现将有关情况通报如下。",
        *("一、总体情况", "二、指标进展", "三、报送情况", "四、投诉举报办理"),
        *("五、督导检查问题整改", "六、超期事项通报", "七、下步要求"),
        "2026年11月23日",
        *("附件1", "附件2", "附件3", "附件4"),
    ]
    places = [whole.index(part) for part in order]
    assert places == sorted(places)
    assert checks_on(bulletin) == NOTHING_FOUND


def test_every_run_names_its_chinese_font_and_size_and_none_is_bold(week):
    document = Document(io.BytesIO(render_file(issue_notice(week), "docx")))
    runs = [run for run in document.element.body.iter(qn("w:r")) if run.findall(qn("w:t"))]
    assert runs
    for run in runs:
        properties = run.find(qn("w:rPr"))
        assert properties.find(qn("w:rFonts")).get(qn("w:eastAsia"))
        assert properties.find(qn("w:sz")) is not None
        bold = properties.find(qn("w:b"))
        assert bold is None or bold.get(qn("w:val")) in {"0", "false"}


def test_correction_says_so_in_title_and_first_paragraph(week):
    bulletin = issue_notice(week)
    correction = review.correct_bulletin(bulletin, reason="按期办结数有误", actor=week.office_lead, now=MONDAY)
    said = words(render_file(correction, "docx"))
    assert any("（更正）" in line for line in said)
    assert "西营商〔2026〕1号因按期办结数有误，现更正如下，原文以本更正为准。" in said


def test_brief_carries_issue_number_and_no_document_number(week):
    bulletin, _ = drafting.draft_bulletin("brief", parse_period("2026W47"), actor=week.office, now=MONDAY)
    review.submit_bulletin(bulletin, actor=week.office, now=MONDAY)
    review.approve_bulletin(bulletin, actor=week.office_lead, now=MONDAY)
    review.sign_bulletin(bulletin, actor=week.signer, now=MONDAY)
    assert (bulletin.document_number, bulletin.issue_number) == ("", "第1期（总第1期）")
    assert "第1期（总第1期）" in "".join(words(render_file(bulletin, "docx")))
    assert checks_on(bulletin) == NOTHING_FOUND


def test_files_repeat_to_the_byte(week):
    bulletin = issue_notice(week)
    for file in bulletin.files.all():
        with file.attachment.file.open("rb") as stored:
            assert render_file(bulletin, file.format) == stored.read(), file.format


@pytest.mark.parametrize(
    ("row", "formula"),
    [(4, '=IF(OR(G4="",J4="",K4="",J4=K4),"",ROUND(MAX(0,MIN(100,(J4-G4)/(J4-K4)*100)),2))')],
)
def test_score_is_a_formula_over_its_own_row(row, formula):
    assert score_formula(row) == formula


def test_workbook_computes_and_keeps_the_frozen_number_beside(week):
    data = render_file(draft_notice(week), "xlsx")
    formulas = openpyxl.load_workbook(io.BytesIO(data))["指标情况"]
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["指标情况"]
    (row,) = [cells[0].row for cells in formulas.iter_rows(min_row=4) if cells[0].value == "A08.1"]
    assert formulas.cell(row, 12).value.startswith("=IF(OR(G")
    assert values.cell(row, 12).value == values.cell(row, 13).value == 75
    everywhere = [cell.value for sheet in openpyxl.load_workbook(io.BytesIO(data)) for line in sheet for cell in line]
    found = [value for value in everywhere if isinstance(value, str) and value.startswith("=")]
    assert found
    assert not [value for value in found if re.search(r"\[|!|http|'", value)]


def test_rates_by_unit_are_figures_and_denominators_are_called_what_they_are(week):
    sheet = openpyxl.load_workbook(io.BytesIO(render_file(draft_notice(week), "xlsx")))["投诉办理"]
    head = [cell.value for cell in sheet[3]]
    assert head[4:10] == [
        "办结（件）",
        "转办（件）",
        "办结率（%）",
        "按期办结（件）",
        "应办结（件）",
        "按期办结率（%）",
    ]
    (row,) = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=4)]
    assert row[5] == 2
    assert isinstance(row[6], int | float)


def test_text_of_users_never_becomes_a_formula(week):
    Indicator.objects.filter(code="A08.1").update(name='=HYPERLINK("http://x","y")')
    data = render_file(draft_notice(week), "xlsx")
    cells = [cell.value for line in openpyxl.load_workbook(io.BytesIO(data))["指标情况"] for cell in line]
    assert '\'=HYPERLINK("http://x","y")' in cells


def test_html_links_each_number_and_escapes_words(week):
    bulletin = draft_notice(week)
    editing.edit_sections(
        bulletin, {"next_steps": "<b>一是</b>受理{complaints.received}件"}, actor=week.office, now=MONDAY
    )
    page = render_file(bulletin, "html").decode()
    assert "&lt;b&gt;一是&lt;/b&gt;受理<a " in page
    assert "/complaints/statistics/rounds/?" in page
    assert "<script" not in page


def test_file_reads_and_looks_as_the_page_does(week, client_for):
    bulletin = issue_notice(week)
    file = render_file(bulletin, "html").decode()
    page = client_for(week.office).get(f"/bulletins/{bulletin.number}/").content.decode()
    sheets = [re.findall(r"<article.*?</article>", one, re.DOTALL) for one in (file, page)]
    assert len(sheets[0]) == 1 + 4
    assert [re.sub(r"<[^>]+>", "", one) for one in sheets[0]] == [re.sub(r"<[^>]+>", "", one) for one in sheets[1]]
    assert 'class="paper__signature"' in file
    assert ".paper__signature {" in file


def test_value_that_moved_stands_in_the_annex_and_an_empty_list_is_no_annex(week):
    bulletin = draft_notice(week)
    titles = [annex.title for annex in paper_of(bulletin).annexes]
    assert titles == ["指标情况表", "承办单位投诉办理情况表", "未销号问题清单", "超期事项清单"]
    first_level, moved = paper_of(bulletin).annexes[0].blocks
    assert [row[0] for row in moved.rows] == ["A08.1"]
    assert moved.rows[0][2:] == ["9天", "6.5天", "4天", "还差4.5天"]
    assert all(len(row[0]) == 3 for row in first_level.rows)
    empty, _ = drafting.draft_bulletin("notice", parse_period("2025W10"), actor=week.office, now=MONDAY)
    assert [annex.title for annex in paper_of(empty).annexes] == ["指标情况表", "承办单位投诉办理情况表"]


def test_daily_brief_is_one_page_even_with_long_asks(week):
    for place in range(6):
        CoordinationItem.objects.create(
            origin="report",
            indicator=Indicator.objects.get(code="A08"),
            coordination="office",
            text="请协调解决开挖手续并联审批与管线迁改费用分担的问题，" * 8,
            asked_by=week.reporter,
            asked_at=datetime(2026, 11, 18, 10, place, tzinfo=SHANGHAI),
            due_on=date(2026, 11, 30),
            status="open",
        )
    bulletin, _ = drafting.draft_bulletin("daily_brief", parse_period("20261118"), actor=week.office, now=MONDAY)
    assert fits_one_page(paper_of(bulletin))


@pytest.mark.office
def test_rendered_paper_has_no_more_lines_than_the_standard_and_no_missing_glyph(week, tmp_path):
    bulletin = issue_notice(week)
    pdf = to_pdf({"notice": render_file(bulletin, "docx")}, tmp_path)["notice"]
    first = subprocess.run(
        ["pdftotext", "-layout", "-f", "2", "-l", "2", pdf, "-"], check=True, capture_output=True, text=True, timeout=60
    ).stdout
    lines = [line for line in first.splitlines() if line.strip() and "—" not in line]
    assert len(lines) <= LINES_ON_A_PAGE
    whole = subprocess.run(["pdftotext", pdf, "-"], check=True, capture_output=True, text=True, timeout=60).stdout
    assert "\ufffd" not in whole
    assert whole.count("指标情况表") == 2
    assert "2026年11月23日印发" in whole.replace(" ", "").replace("\n", "")


def test_yearly_report_stands_in_the_parts_of_the_county_s_own(week):
    bulletin, _ = drafting.draft_bulletin("yearly_report", parse_period("2026"), actor=week.office, now=MONDAY)
    said = words(render_file(bulletin, "docx"))
    headings = [
        *("一、工作开展情况", "（一）健全推进机制", "（二）持续深化改革", "（三）做好企业服务", "（四）大力开展宣传"),
        *("（五）强化督导检查", "（六）及时受理投诉", "二、存在的问题", "三、下步工作打算"),
    ]
    assert [line for line in said if line in headings] == headings
    page = render_file(bulletin, "html").decode()
    assert page.index("一、工作开展情况") < page.index("（一）健全推进机制") < page.index("二、存在的问题")
    assert checks_on(bulletin) == NOTHING_FOUND
