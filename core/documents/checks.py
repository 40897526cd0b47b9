"""What deviates from GB/T 9704-2012 in a finished ``.docx``, as Chinese sentences; and its text for other checks.

It reads what the file says, not what ``render`` meant: the office may have gone on editing in Word or WPS.
"""

import re
from collections.abc import Iterable, Iterator

from docx.document import Document
from docx.oxml.ns import qn
from docx.section import Section
from lxml import etree
from lxml.etree import _Element

from core.documents.endings import COLOPHON_NAME
from core.documents.page import CHARACTER, LANDSCAPE, LINE, PORTRAIT, SMALL_CHARACTER, millimetres
from core.documents.page_numbers import BOX_NAME
from core.documents.reading import FONT_KINDS, Looks, open_document, roots, words
from core.documents.styles import (
    ANNEX_TITLE,
    ATTACHMENTS,
    BODY,
    DATE,
    HEADINGS,
    ISSUE_ROW,
    MARK,
    NUMBER,
    NUMBER_AT_THE_RIGHT,
    RED,
    STYLES,
    TABLE_HEAD,
    Style,
)

_BY_KEY = {style.key: style for style in STYLES}
_ANY_SIZE = {style.key for style in STYLES if style.key.startswith("OfficialTable")} | {MARK.key}
"""The standard does not say the size of the mark and of tables."""
_EXACT = {style.key for style in (BODY, *HEADINGS)}
_TOLERANCE = millimetres(1)
"""The standard gives the margins with ±1 mm."""
_NUMBER = re.compile(r"\S+〔\d{4}〕([1-9]\d*|　)号|第([1-9]\d*|　)期(（总第([1-9]\d*|　)期）)?")
_WRONG_BRACKETS = re.compile(r"[\[【(（［{]\s*((?:19|20)\d{2})\s*[\]】)）］}]\s*第?\s*\d+\s*号")
_LEADING_ZERO = re.compile(r"\d{4}年(?:0\d月\d{1,2}日|\d{1,2}月0\d日|0\d月)|〔\d{4}〕0\d*号")
_NAME_START = re.compile(r"^(附件：)?(\d+\.)?")
_END_MARKS = "。；;，,、."


def check_format(data: bytes) -> list[str]:
    """Return the deviations of a ``.docx`` from the standard, each a sentence, in the order of the page; none is [].

    Raises:
        FileRefused: damaged, with a password or macros, or no ``.docx``.
        FileTooLarge: over 100 MB unpacked.
    """
    document = open_document(data)
    looks = Looks.of(document)
    return [
        *_sections(document),
        *_page_numbers(document, looks),
        *_fonts(document, looks),
        *_paragraphs(document, looks),
        *_wording(document, looks),
        *_attachments(document, looks),
        *_tables(document, looks),
    ]


def text_of(data: bytes) -> str:
    """Return the whole text of a ``.docx``, a paragraph or cell on each line: boxes, headers and footers too.

    Raises: as ``check_format``.
    """
    return "\n".join(line for paragraph in _every(open_document(data)) if (line := words(paragraph)))


def _every(document: Document, tag: str = "w:p") -> Iterator[_Element]:
    for root in roots(document):
        yield from root.iter(qn(tag))


def _sections(document: Document) -> Iterator[str]:
    """Yield what is wrong with paper and margins."""
    for number, section in enumerate(document.sections, start=1):
        landscape = _is_landscape(section)
        paper = LANDSCAPE if landscape else PORTRAIT
        where = f"第{number}节（{'横排' if landscape else '竖排'}）"
        lengths = (
            ("页宽", section.page_width, paper.width),
            ("页高", section.page_height, paper.height),
            ("上边距", section.top_margin, paper.top),
            ("下边距", section.bottom_margin, paper.bottom),
            ("左边距", section.left_margin, paper.left),
            ("右边距", section.right_margin, paper.right),
            ("页脚距纸边", section.footer_distance, millimetres(25)),
        )
        for name, length, wanted in lengths:
            there = 0 if length is None else length.twips
            if abs(there - wanted) > _TOLERANCE:
                yield f"{where}{name}应为{_millimetres(wanted)}毫米，现为{_millimetres(there)}毫米"
        grid = section._sectPr.find(qn("w:docGrid"))
        if grid is not None and grid.get(qn("w:type"), "default") != "default":
            yield f"{where}设有文档网格，行距和字距会随网格变动，应改为“无网格”"


def _is_landscape(section: Section) -> bool:
    return (section.page_width or 0) > (section.page_height or 0)


def _millimetres(twips: int) -> str:
    return f"{twips * 25.4 / 1440:.1f}".removesuffix(".0")


def _page_numbers(document: Document, looks: Looks) -> Iterator[str]:
    """Yield what is wrong with the page numbers, section by section."""
    if not document.settings.odd_and_even_pages_header_footer:
        yield "页码应单页居右、双页居左，文件未设置奇偶页不同"
    for number, section in enumerate(document.sections, start=1):
        parts = (
            ("单页", "right", section.footer, section.header),
            ("双页", "left", section.even_page_footer, section.even_page_header),
        )
        for name, side, foot, head in parts:
            found = _number_in(foot._element)
            if _is_landscape(section):
                yield from _landscape_number(f"第{number}节（横排）{name}", found, head._element)
            else:
                yield from _portrait_number(f"第{number}节{name}", found, side, looks)


def _number_in(root: _Element) -> _Element | None:
    """Return the paragraph with a page number, None without one."""
    for instruction in root.iter(qn("w:instrText")):
        if "PAGE" in (instruction.text or "").upper().split():
            return next(instruction.iterancestors(qn("w:p")))
    for field in root.iter(qn("w:fldSimple")):
        if "PAGE" in field.get(qn("w:instr"), "").upper().split():
            return next(field.iterancestors(qn("w:p")))
    return None


def _portrait_number(where: str, found: _Element | None, side: str, looks: Looks) -> Iterator[str]:
    if found is None:
        yield f"{where}没有页码"
        return
    align = looks.of_paragraph(found, "w:jc") or "left"
    indent = _whole(looks.of_paragraph(found, "w:ind", side))
    word = "右" if side == "right" else "左"
    if {"start": "left", "end": "right"}.get(align, align) != side or abs(indent - SMALL_CHARACTER) > 60:
        yield f"{where}页码应居{word}空一字"
    if not re.fullmatch(r"— ?\d* ?—", words(found)):
        yield f"{where}页码应为“— 1 —”的样式，现为“{words(found)}”"


def _landscape_number(where: str, in_foot: _Element | None, head: _Element) -> Iterator[str]:
    if in_foot is not None:
        yield f"{where}的页码在横排页的页脚，应与竖排页的页码位置一致"
    elif _number_in(head) is None:
        yield f"{where}没有页码"
    elif not any(box.get("name") == BOX_NAME for box in head.iter(qn("wp:docPr"))):
        yield f"{where}的页码不在竖排页页码的位置"


def _fonts(document: Document, looks: Looks) -> Iterator[str]:
    """Yield runs that leave font or size to chance, wrong fonts and sizes, and bold; alike ones together."""
    complaints: dict[str, list[str]] = {}
    known: dict[tuple[str, bytes], list[str]] = {}
    for run in _every(document, "w:r"):
        if text := words(run).strip():
            key = _alike(run, "w:rPr", looks.style_key(next(run.iterancestors(qn("w:p")))))
            if key not in known:
                known[key] = list(_run(run, looks))
            for sentence in known[key]:
                complaints.setdefault(sentence, []).append(text)
    for sentence, texts in complaints.items():
        yield f"{sentence}（{_excerpt(texts)}）"


def _alike(node: _Element, kind: str, style: str) -> tuple[str, bytes]:
    """Return what two nodes share that look the same: a table's thousand cells are looked up once."""
    own = node.find(qn(kind))
    return style, b"" if own is None else etree.tostring(own, with_tail=False)


def _run(run: _Element, looks: Looks) -> Iterator[str]:
    own = run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
    missing = [kind for kind in FONT_KINDS if own is None or not own.get(qn(f"w:{kind}"))]
    if missing:
        yield f"文字上未写明字体（{'、'.join(missing)}）"
    if run.find(f"{qn('w:rPr')}/{qn('w:sz')}") is None:
        yield "文字上未写明字号"
    if looks.run_is(run, "w:b") or looks.run_is(run, "w:bCs"):
        yield "公文文字不加粗"
    style = _BY_KEY.get(looks.style_key(next(run.iterancestors(qn("w:p")))), BODY)
    fonts = {font for kind in FONT_KINDS if (font := looks.of_run(run, "w:rFonts", kind))}
    if fonts - {style.font}:
        yield f"{style.name}应为{style.font}，现为{'、'.join(sorted(fonts - {style.font}))}"
    size = _whole(looks.of_run(run, "w:sz")) / 2
    if style.key not in _ANY_SIZE and size != style.size:
        yield f"{style.name}应为{style.size:g}磅，现为{size:g}磅"
    spacing = _whole(looks.of_run(run, "w:spacing"))
    if spacing != style.spacing:
        yield f"{style.name}的字距应为{style.spacing / 20:g}磅，现为{spacing / 20:g}磅"
    if style.colour and (looks.of_run(run, "w:color") or "").upper() != style.colour:
        yield f"{style.name}应为红色 {style.colour}，现为 {looks.of_run(run, 'w:color') or '黑色'}"


def _whole(value: str | None) -> int:
    """Return a length as written, 0 where nobody says it or it has a unit of its own (``12pt``)."""
    return int(value) if value is not None and re.fullmatch(r"-?\d{1,9}", value) else 0


def _excerpt(texts: list[str]) -> str:
    first = texts[0] if len(texts[0]) <= 12 else f"{texts[0][:12]}…"
    return f"“{first}”" if len(texts) == 1 else f"“{first}”等{len(texts)}处"


def _paragraphs(document: Document, looks: Looks) -> Iterator[str]:
    """Yield pitch, indent and placement of the paragraphs that the standard speaks of."""
    complaints: dict[str, list[str]] = {}
    known: dict[tuple[str, bytes], list[str]] = {}
    for paragraph in document.element.body.iter(qn("w:p")):
        text, style = words(paragraph).strip(" "), looks.style_key(paragraph)
        if text or style in _EXACT:
            key = _alike(paragraph, "w:pPr", style)
            if key not in known:
                known[key] = list(_paragraph(paragraph, _BY_KEY.get(style), looks))
            for sentence in known[key]:
                complaints.setdefault(sentence, []).append(text or "空行")
    for sentence, texts in complaints.items():
        yield f"{sentence}（{_excerpt(texts)}）"


def _paragraph(paragraph: _Element, style: Style | None, looks: Looks) -> Iterator[str]:
    if style is None:
        yield "段落不是公文的样式，无法核对"
        return
    if style.key in _EXACT:
        line, rule = (
            looks.of_paragraph(paragraph, "w:spacing", "line"),
            looks.of_paragraph(paragraph, "w:spacing", "lineRule"),
        )
        if (line, rule) != (str(LINE), "exact"):
            yield f"{style.name}行距应为固定值28.95磅（每页22行）"
        if abs(_whole(looks.of_paragraph(paragraph, "w:ind", "firstLine")) - 2 * CHARACTER) > 20:
            yield f"{style.name}应首行缩进2字"
        if looks.paragraph_is(paragraph, "w:widowControl"):
            yield "段落应关闭孤行控制，否则每页不足22行"
    align = looks.of_paragraph(paragraph, "w:jc") or "left"
    if style.align == "center" and align != "center":
        yield f"{style.name}应居中"
    if style.key == DATE.key and _whole(looks.of_paragraph(paragraph, "w:ind", "right")) != 4 * CHARACTER:
        yield "成文日期应右空4字"
    below = paragraph.find(f"{qn('w:pPr')}/{qn('w:pBdr')}/{qn('w:bottom')}")
    colour = "" if below is None else below.get(qn("w:color"), "").upper()
    if style.key in (NUMBER.key, ISSUE_ROW.key) and colour not in ("", RED):
        yield f"红线应为 {RED}，现为 {colour}"


def _wording(document: Document, looks: Looks) -> Iterator[str]:
    """Yield wrong brackets, leading zeros, end marks in 附件说明."""
    for paragraph in _every(document):
        text, key = words(paragraph).strip(" "), looks.style_key(paragraph)
        if key in (NUMBER.key, NUMBER_AT_THE_RIGHT.key) and not _NUMBER.fullmatch(text):
            yield f"发文字号或期号“{text}”的写法不合规定，应如“西营商〔2026〕3号”“第3期（总第262期）”"
        for match in _WRONG_BRACKETS.finditer(text):
            yield f"“{match[0]}”的年份应使用六角括号〔{match[1]}〕"
        for match in _LEADING_ZERO.finditer(text):
            yield f"“{match[0]}”不编虚位，月、日和序号前不加0"
        if key == ATTACHMENTS.key and text.endswith(tuple(_END_MARKS)):
            yield f"附件名称后不加标点符号（“{text[-12:]}”）"


def _attachments(document: Document, looks: Looks) -> Iterator[str]:
    """Yield annexes that 附件说明 does not name, in the same words."""
    named, titles = set(), []
    for paragraph in document.element.body.iter(qn("w:p")):
        key = looks.style_key(paragraph)
        if key == ATTACHMENTS.key:
            named.add(_NAME_START.sub("", re.sub(r"\s", "", words(paragraph))))
        elif key == ANNEX_TITLE.key:
            titles.append(re.sub(r"\s", "", words(paragraph)))
    for title in titles:
        if title not in named:
            yield f"附件“{title}”在附件说明中没有同名的一项"


def _tables(document: Document, looks: Looks) -> Iterator[str]:
    """Yield tables whose head is not repeated or whose rows may be torn, and 版记 on a landscape page."""
    for number, table in enumerate(document.element.body.iter(qn("w:tbl")), start=1):
        rows = table.findall(qn("w:tr"))
        first = next(rows[0].iter(qn("w:p")))
        if looks.style_key(first) != TABLE_HEAD.key or not _is_list(rows):
            continue
        if rows[0].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is None:
            yield f"第{number}个表格跨页时表头不重复，应设为“在各页顶端以标题行形式重复出现”"
        if any(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is None for row in rows):
            yield f"第{number}个表格有行会跨页断开"
    last = document.sections[-1]
    boxes: Iterable[_Element] = document.element.body.iter(qn("wp:docPr"))
    if _is_landscape(last) and any(box.get("name") == COLOPHON_NAME for box in boxes):
        yield "版记应在竖排的最后一页"


def _is_list(rows: list[_Element]) -> bool:
    """Return whether every cell of the first row is a head; in a form only every second one is."""
    return all(
        style is not None and style.get(qn("w:val")) == TABLE_HEAD.key
        for style in (cell.find(f"{qn('w:p')}/{qn('w:pPr')}/{qn('w:pStyle')}") for cell in rows[0].iter(qn("w:tc")))
    )
