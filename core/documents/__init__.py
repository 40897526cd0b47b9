r"""Official documents to GB/T 9704-2012: data in, bytes of a ``.docx`` (or a picture) out; no models, no clock.

A bulletin::

    document = OfficialDocument(
        kind=DocumentKind.RED_HEADED,                      # 通报; NEWSLETTER is 简报, PLAIN has no red head
        head="西平县优化营商环境工作领导小组办公室",          # 发文机关标志, or the name of the 简报
        number=document_number("西营商", 2026, 3),           # None for the number: 西营商〔2026〕　号
        title="西平县优化营商环境工作领导小组办公室关于…的通报",  # broken in balance; "\n" breaks where you say
        addressee="各乡镇人民政府、街道办事处，县直及驻县各单位",  # the colon is set here
        blocks=[
            Paragraph("现将…通报如下。"),
            Heading(heading_text(1, 1, "总体情况")),         # 一、总体情况
            Paragraph("…"),
            Table(columns=[Column("单位", 3, Align.LEFT), Column("应办结（件）", 1, Align.RIGHT)],
                  rows=[["县住房和城乡建设局", "5"]], caption="表1　承办单位投诉办理情况"),
        ],
        issuer="西平县优化营商环境工作领导小组办公室",
        dated_on=None,                                      # a draft shows 　年　月　日
        annexes=[Annex("指标进展情况表", [Table(...)], landscape=True)],  # 附件说明 follows from them
        copies_to="县委办公室，县人大常委会办公室",
        printed_by="西平县优化营商环境工作领导小组办公室",
        printed_on=None,
    )
    data = render(document, created_at=now)                 # the same input gives the same bytes
    deviations = check_format(data)                         # [] or Chinese sentences
    blocking = [f for f in core.personal_data.find_personal_data(text_of(data)) if f.blocks]  # approve and sign are refused

The office's forms (交办单, 督办单, 整改通知书, 销号申请表)::

    form = OfficialForm(
        title="问题交办单",
        number=document_number("西营商交", 2026, 3),
        rows=[
            FormRow([("交办单位", "县营商办"), ("承办单位", "县住房和城乡建设局")]),
            FormRow([("问题描述", "…")], height=40),          # millimetres at least
            FormRow([("领导批示", "")], height=30, signature="签名：　　　　　　　　年　月　日"),
        ],
        closing=["请于…前书面反馈。"],
        issuer="西平县营商环境建设服务中心", dated_on=date(2026, 11, 20), phone="0396-4800000",
        receipt=[FormRow([("签收人", ""), ("签收时间", "")])],  # 回执, below a line to cut along
    )
    data = render_form(form, created_at=now)

The signing sheet (发文稿纸) is ``render_signing_sheet(SigningSheet(...), created_at=now)``; the picture of a one-page
brief for forwarding is ``picture_of(document)`` (PNG); ``fits_one_page(document)`` says whether the brief is too long.

Text is text: line ends make paragraphs, tabs become spaces, control characters go; nothing typed becomes markup, a
field or a link.
"""

from core.documents.checks import check_format, text_of
from core.documents.fitting import fits_one_page
from core.documents.forms import render_form, render_signing_sheet
from core.documents.parts import (
    Align,
    Annex,
    Column,
    DocumentKind,
    FormRow,
    Heading,
    OfficialDocument,
    OfficialForm,
    Paragraph,
    SigningSheet,
    SigningStep,
    Table,
)
from core.documents.picture import picture_of
from core.documents.rendering import render
from core.documents.wording import document_number, heading_text, issue_number, official_date

__all__ = [
    "Align",
    "Annex",
    "Column",
    "DocumentKind",
    "FormRow",
    "Heading",
    "OfficialDocument",
    "OfficialForm",
    "Paragraph",
    "SigningSheet",
    "SigningStep",
    "Table",
    "check_format",
    "document_number",
    "fits_one_page",
    "heading_text",
    "issue_number",
    "official_date",
    "picture_of",
    "render",
    "render_form",
    "render_signing_sheet",
    "text_of",
]
