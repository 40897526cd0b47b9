"""The office's forms and the signing sheet say what they were given, in the order of the paper."""

from dataclasses import replace
from datetime import UTC, datetime

from docx.oxml.ns import qn

from core.documents import FormRow, SigningSheet, render_form, render_signing_sheet, text_of
from tests.core.documents import samples


def lines(form) -> list[str]:
    return text_of(render_form(form, created_at=samples.CREATED)).split("\n")


def test_assignment_carries_its_rows_its_end_and_the_receipt():
    assert [line for line in lines(samples.assignment_form()) if "— 1 —" not in line] == [
        "西营商交〔2026〕3号",
        "问题交办单",
        "交办单位",
        "西平县营商环境建设服务中心",
        "承办单位",
        "县住房和城乡建设局",
        "问题描述",
        "燃气开挖手续需到三个窗口分别盖章。",
        "现场核查属实。",
        "领导批示",
        "签名：　　　　　　年　月　日",
        "请于2026年11月20日前书面反馈。",
        "联系人：督导科　　联系电话：0396-4800000",
        "西平县营商环境建设服务中心",
        "2026年11月3日",
        "回　执（问题交办单　西营商交〔2026〕3号）",
        "签收人",
        "签收时间",
    ]


def test_draft_of_a_notice_leaves_room_for_number_and_date():
    printed = lines(samples.rectification_notice())
    assert printed[:4] == [
        "西营商改〔2026〕　号",
        "整改通知书",
        "县住房和城乡建设局：",
        "2026年10月9日对你单位进行了检查，发现下列问题：",
    ]
    assert "　年　月　日" in printed
    assert not [line for line in printed if "联系" in line or "回　执" in line]


def test_rows_give_room_for_handwriting_and_long_ones_may_run_over_pages():
    data = render_form(samples.assignment_form(), created_at=samples.CREATED)
    table = next(samples.part(data).iter(qn("w:tbl")))
    heights = [round(int(h.get(qn("w:val"))) * 25.4 / 1440) for h in table.iter(qn("w:trHeight"))]
    assert heights == [7, 40, 30]
    whole = [row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in table.iter(qn("w:tr"))]
    assert whole == [False, True, True]
    assert sum(int(column.get(qn("w:w"))) for column in table.iter(qn("w:gridCol"))) == 8845


def test_what_is_cut_off_is_not_divided_between_two_pages():
    slip = [FormRow([("签收人", ""), ("签收时间", "")]), FormRow([("备注", "")])]
    form = replace(samples.assignment_form(), receipt=slip, stub=slip)
    tables = list(samples.part(render_form(form, created_at=samples.CREATED)).iter(qn("w:tbl")))
    kept = [
        [all(p.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None for p in row.iter(qn("w:p"))) for row in rows]
        for rows in (table.iter(qn("w:tr")) for table in tables)
    ]
    assert kept == [[False] * 3, [True, False], [True, False]]


def test_name_and_date_stay_with_the_last_words_of_the_text():
    data = render_form(samples.assignment_form(), created_at=samples.CREATED)
    last = [p for p in samples.part(data).iter(qn("w:p")) if "联系人" in "".join(t.text for t in p.iter(qn("w:t")))]
    assert last[0].find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None


def test_signing_sheet_names_who_did_what_when_with_the_signer_on_top():
    data = render_signing_sheet(samples.signing_sheet(), created_at=samples.CREATED)
    printed = text_of(data).split("\n")
    assert printed[0] == f"{samples.ISSUER} 发文稿纸"
    assert printed[1:9] == [
        "签发",
        "　年　月　日",
        "核稿",
        "同意",
        "县营商办　王明",
        "2026年10月12日 11:05",
        "拟稿",
        "县营商办　刘志远",
    ]
    assert printed[printed.index("标题") + 1] == samples.TITLE
    assert printed[printed.index("发文字号") + 1] == "西营商〔2026〕3号"
    assert printed[printed.index("抄送") + 1] == "无"


def test_times_on_the_signing_sheet_are_those_of_xiping():
    late = replace(samples.signing_sheet().steps[0], at=datetime(2026, 10, 12, 16, 5, tzinfo=UTC))
    sheet: SigningSheet = replace(samples.signing_sheet(), steps=[late])
    assert "2026年10月13日 00:05" in text_of(render_signing_sheet(sheet, created_at=samples.CREATED))
