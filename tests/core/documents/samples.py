"""A bulletin, a newsletter, a brief and the office's forms, as the apps above would build them."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from lxml import etree

from core.documents import (
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
    document_number,
    heading_text,
    issue_number,
)

CREATED = datetime(2026, 10, 12, 3, 5, 9, tzinfo=UTC)
ISSUER = "西平县优化营商环境工作领导小组办公室"
TITLE = f"{ISSUER}关于2026年10月5日至10月11日全县营商环境工作情况的通报"
COPIES = "县委办公室，县人大常委会办公室，县政府办公室，县政协办公室"
COLUMNS = [Column("序号", 1, Align.CENTER), Column("名称", 6), Column("本周", 2, Align.RIGHT)]
LETTER = "国"


def long_table(rows: int, mark: str) -> Table:
    """Return a table whose second cells have two lines, named so that a torn row can be seen."""
    return Table(
        COLUMNS,
        [[str(n), f"{mark}甲{n:03d}\n{mark}乙{n:03d}", "6.5"] for n in range(1, rows + 1)],
        caption=f"{mark}表",
        note="注：截至2026年10月11日24时。",
    )


def bulletin(**changes) -> OfficialDocument:
    """Return a signed 通报 with a table in the text and three annexes, the second of them landscape."""
    return replace(
        OfficialDocument(
            kind=DocumentKind.RED_HEADED,
            head=ISSUER,
            number=document_number("西营商", 2026, 3),
            title=TITLE,
            addressee="各乡镇人民政府、街道办事处，县直及驻县各单位",
            blocks=[
                Paragraph("现将2026年10月5日至10月11日（工作日3天）全县营商环境工作情况通报如下。"),
                Heading(heading_text(1, 1, "总体情况")),
                Paragraph("28项指标应报84项次，已报81项次。"),
                Heading(heading_text(2, 1, "类型与热点"), 2),
                Heading(heading_text(3, 1, "获得用气"), 3),
                Heading(heading_text(4, 1, "报装时间"), 4),
                Paragraph("“获得用气”报装时间6.5天——较上周减少0.5天；本周无超期件。"),
                long_table(3, "文"),
            ],
            issuer=ISSUER,
            dated_on=date(2026, 10, 2),
            annexes=[
                Annex("指标进展情况表", [long_table(40, "竖")]),
                Annex("未销号问题清单", [long_table(40, "横")], landscape=True),
                Annex("超期工单清单", [Table(COLUMNS, [])]),
            ],
            copies_to=COPIES,
            printed_by=ISSUER,
            printed_on=date(2026, 10, 12),
        ),
        **changes,
    )


def newsletter(**changes) -> OfficialDocument:
    """Return a 简报 that ends in a landscape annex."""
    return bulletin(
        **{
            "kind": DocumentKind.NEWSLETTER,
            "head": "西平营商环境简报",
            "number": issue_number(3, 262),
            "annexes": [Annex("未销号问题清单", [long_table(3, "横")], landscape=True)],
        }
        | changes
    )


def brief(**changes) -> OfficialDocument:
    """Return the daily brief: no red head, one page."""
    return replace(
        OfficialDocument(
            kind=DocumentKind.PLAIN,
            title="西平县营商环境日调度专报",
            blocks=[Heading("一、变差的指标"), Paragraph("获得用气报装时间由6.5天增至7天。"), long_table(2, "日")],
            issuer="西平县营商环境建设服务中心",
            dated_on=date(2026, 10, 12),
        ),
        **changes,
    )


def full_pages(lines: int) -> OfficialDocument:
    """Return a document of ``lines`` full lines after its title, with 版记."""
    return brief(
        blocks=[Paragraph(LETTER * 28 * lines, indented=False)],
        issuer="",
        printed_by=ISSUER,
        printed_on=date(2026, 10, 12),
        copies_to=COPIES,
    )


def assignment_form() -> OfficialForm:
    """Return a 交办单 with a receipt."""
    return OfficialForm(
        title="问题交办单",
        number=document_number("西营商交", 2026, 3),
        rows=[
            FormRow([("交办单位", "西平县营商环境建设服务中心"), ("承办单位", "县住房和城乡建设局")]),
            FormRow([("问题描述", "燃气开挖手续需到三个窗口分别盖章。\n现场核查属实。")], height=40),
            FormRow([("领导批示", "")], height=30, signature="签名：　　　　　　年　月　日"),
        ],
        closing=["请于2026年11月20日前书面反馈。"],
        issuer="西平县营商环境建设服务中心",
        dated_on=date(2026, 11, 3),
        contact="督导科",
        phone="0396-4800000",
        receipt=[FormRow([("签收人", ""), ("签收时间", "")])],
    )


def rectification_notice() -> OfficialForm:
    """Return a 整改通知书 that is still a draft."""
    return OfficialForm(
        title="整改通知书",
        number=document_number("西营商改", 2026, None),
        addressee="县住房和城乡建设局",
        paragraphs=["2026年10月9日对你单位进行了检查，发现下列问题："],
        rows=[FormRow([("检查时间", "2026年10月9日"), ("检查方式", "暗访")]), FormRow([("问题", "窗口无人值守。")])],
        issuer="西平县营商环境建设服务中心",
    )


def signing_sheet() -> SigningSheet:
    """Return a 发文稿纸 that waits for the signer."""
    return SigningSheet(
        issuer=ISSUER,
        title=TITLE,
        number=document_number("西营商", 2026, 3),
        steps=[
            SigningStep("拟稿", "刘志远", "县营商办", CREATED),
            SigningStep("核稿", "王明", "县营商办", CREATED, "同意"),
            SigningStep("签发"),
        ],
        addressee="各乡镇人民政府、街道办事处",
        annexes=["指标进展情况表"],
    )


def part(data: bytes, name: str = "word/document.xml"):
    """Return a part of the package as an element tree."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return etree.fromstring(package.read(name))


def parts(data: bytes, prefix: str) -> dict[str, bytes]:
    """Return the parts whose names begin with ``prefix``."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist() if name.startswith(prefix)}


def edited(data: bytes, change: Callable[[str, str], str]) -> bytes:
    """Return the package with ``change(name, text)`` applied to each XML part, as somebody in Word might."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name).decode()))
    return out.getvalue()
