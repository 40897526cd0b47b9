"""The office's forms: 交办单, 督办单, 整改通知书, 销号申请表, and the signing sheet (发文稿纸)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from docx.oxml.xmlchemy import BaseOxmlElement

from core.dates.deadlines import SHANGHAI
from core.documents.endings import signature
from core.documents.heads import addressee, number_at_the_right
from core.documents.markup import element, lines_of
from core.documents.package import Sheets
from core.documents.page import LINE
from core.documents.parts import FormRow, OfficialForm, SigningSheet, SigningStep
from core.documents.styles import BODY, CLOSING, NOTHING, RECEIPT, RULE, TABLE_NOTE, TITLE, Style
from core.documents.tables import SMALL, form_table
from core.documents.text import broken, keep_with_next, paragraph, with_properties
from core.documents.titles import balanced_lines
from core.documents.wording import official_date


def render_form(form: OfficialForm, *, created_at: datetime) -> bytes:
    """Return the form as a ``.docx``; the same form and aware moment give the same bytes."""
    sheets = Sheets()
    if form.number:
        sheets.add(number_at_the_right(form.number))
    after = 0 if form.addressee else LINE // 4
    sheets.add(paragraph(replace(TITLE, before=0, after=after), *broken(balanced_lines(form.title))))
    if form.addressee:
        sheets.add(addressee(form.addressee, above=LINE // 2))
    sheets.add(*_texts(BODY, form.paragraphs, after=LINE // 3 if form.rows else 0))
    if form.rows:
        sheets.add(form_table(form.rows, sheets.paper.text_width, set_in=SMALL))
    closing = _texts(CLOSING, [*form.closing, *_contact(form)], before=LINE // 3 if form.rows else 0)
    sheets.add(*closing)
    if form.issuer:
        keep_with_next(closing)
        sheets.add(*signature(form.issuer, form.dated_on, above=LINE // 2))
    for name, part in (("回　执", form.receipt), ("存　根", form.stub)):
        if part:
            sheets.add(*_cut_off(name, part, form, sheets.paper.text_width))
    return sheets.save(title=f"{form.title} {form.number}", author=form.issuer, created_at=created_at)


def _texts(style: Style, texts: Iterable[str], *, before: int = 0, after: int = 0) -> list[BaseOxmlElement]:
    """Return one paragraph for each line; together they are set off by ``before`` and ``after`` twips."""
    lines = [line for text in texts for line in lines_of(text)]
    last = len(lines) - 1
    return [
        paragraph(replace(style, before=0 if place else before, after=after if place == last else 0), line)
        for place, line in enumerate(lines)
    ]


def _contact(form: OfficialForm) -> list[str]:
    parts = [("联系人", form.contact), ("联系电话", form.phone)]
    return ["　　".join(f"{label}：{text}" for label, text in parts if text)]


def _cut_off(name: str, rows: Sequence[FormRow], form: OfficialForm, width: int) -> list[BaseOxmlElement]:
    """Return the line to cut along, the part's name with the number it belongs to, and its rows."""
    cut = element("w:bottom", val="dashed", sz=6, space=0, color="000000")
    rule = replace(RULE, before=LINE // 3, after=LINE // 6, keep_next=True)
    title = paragraph(RECEIPT, f"{name}（{form.title}　{form.number}）")
    table = form_table(rows, width, set_in=SMALL, is_whole=True)
    return [with_properties(paragraph(rule), element("w:pBdr", cut)), title, table, paragraph(NOTHING)]


def render_signing_sheet(sheet: SigningSheet, *, created_at: datetime) -> bytes:
    """Return 发文稿纸 as a ``.docx``: 标题, 发文字号, 主送, 抄送, 附件, and 签发, 核稿, 拟稿 with names and times.

    The last step stands on top, as on the office's paper: who signs writes above who drafted.
    """
    rows = [_step(step) for step in reversed(sheet.steps)]
    rows.append(FormRow([("标题", sheet.title.replace("\n", ""))]))
    rows.append(FormRow([("发文字号", sheet.number)]))
    for label, text in (("主送", sheet.addressee), ("抄送", sheet.copies_to), ("附件", "\n".join(sheet.annexes))):
        rows.append(FormRow([(label, text or "无")]))
    sheets = Sheets()
    sheets.add(
        paragraph(replace(TITLE, before=0, after=LINE // 2), *broken(balanced_lines(f"{sheet.issuer}\n发文稿纸")))
    )
    sheets.add(form_table(rows, sheets.paper.text_width), paragraph(TABLE_NOTE))
    return sheets.save(title=f"发文稿纸 {sheet.number}", author=sheet.issuer, created_at=created_at)


def _step(step: SigningStep) -> FormRow:
    who = "　".join(part for part in (step.department, step.name) if part)
    lines = "\n".join(part for part in (step.opinion, who) if part)
    return FormRow([(step.role, lines)], height=18, signature=moment_text(step.at))


def moment_text(moment: datetime | None) -> str:
    """Return an aware moment as ``2026年10月12日 09:05`` in Asia/Shanghai; None leaves room to write it."""
    if moment is None:
        return official_date(None)
    local = moment.astimezone(SHANGHAI)
    return f"{official_date(local.date())} {local:%H:%M}"
