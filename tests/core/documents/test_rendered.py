"""What LibreOffice makes of the documents: lines and characters, tables, 版记, page numbers, the red head.

The fonts of the standard are licensed and not installed; LibreOffice takes others, so places are measured with the
tolerance of another font's letters.
"""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from defusedxml import ElementTree
from PIL import Image

from core.documents import Column, Heading, Paragraph, Table, fits_one_page, render, render_form, render_signing_sheet
from tests.components import missing, to_pdf
from tests.core.documents import samples

pytestmark = pytest.mark.office

POINTS_PER_MM = 72 / 25.4
TYPE_AREA_TOP, TYPE_AREA_BOTTOM = 37, 297 - 35
DPI = 254  # ten pixels a millimetre
LAST_PAGE_LINES = range(12, 24)
BRIEF_ROWS = range(8, 20)


@dataclass(frozen=True)
class Word:
    """A word of a page; edges in millimetres from the upper left corner of the paper."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Page:
    width: float
    height: float
    words: list[Word]

    def find(self, text: str) -> Word:
        """Return the one word that holds ``text``."""
        (found,) = (word for word in self.words if text in word.text)
        return found

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words)


def pages(pdf: Path) -> list[Page]:
    """Return the pages with the places of their words."""
    answer = subprocess.run(["pdftotext", "-bbox", pdf, "-"], check=True, capture_output=True, timeout=60)
    root = ElementTree.fromstring(answer.stdout)
    space = "{http://www.w3.org/1999/xhtml}"
    return [
        Page(
            float(page.get("width")) / POINTS_PER_MM,
            float(page.get("height")) / POINTS_PER_MM,
            [
                Word(word.text, *(float(word.get(edge)) / POINTS_PER_MM for edge in ("xMin", "yMin", "xMax", "yMax")))
                for word in page.iter(f"{space}word")
            ],
        )
        for page in root.iter(f"{space}page")
    ]


def lines(pdf: Path, page: int) -> list[str]:
    """Return the lines of a page that hold something."""
    answer = subprocess.run(
        ["pdftotext", "-layout", "-f", str(page), "-l", str(page), pdf, "-"],
        check=True,
        capture_output=True,
        timeout=60,
    )
    return [line.strip() for line in answer.stdout.decode().splitlines() if line.strip()]


def picture(pdf: Path, page: int) -> Image.Image:
    """Return a page, ten pixels a millimetre."""
    target = pdf.with_name(f"{pdf.stem}-{page}")
    subprocess.run(
        ["pdftoppm", "-r", str(DPI), "-f", str(page), "-l", str(page), "-singlefile", "-png", pdf, target],
        check=True,
        timeout=60,
    )
    return Image.open(target.with_suffix(".png")).convert("RGB")


def brief_of(rows: int):
    """Return a brief with a table of ``rows`` rows, a paragraph, name and date."""
    table = Table(
        [Column("指标"), Column("责任单位")], [["获得用气报装时间", "县住房和城乡建设局"]] * rows, caption="变差的指标"
    )
    return samples.brief(blocks=[Heading("一、变差的指标"), table, Heading("二、报送"), Paragraph("已报齐。" * 15)])


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory):
    """Everything the tests look at, by name; LibreOffice is started once."""
    if reason := missing("office"):
        pytest.skip(reason)
    documents = {
        "bulletin": render(samples.bulletin(), created_at=samples.CREATED),
        "newsletter": render(samples.newsletter(), created_at=samples.CREATED),
        "full": render(samples.full_pages(60), created_at=samples.CREATED),
        "form": render_form(samples.assignment_form(), created_at=samples.CREATED),
        "notice": render_form(samples.rectification_notice(), created_at=samples.CREATED),
        "sheet": render_signing_sheet(samples.signing_sheet(), created_at=samples.CREATED),
    }
    for count in LAST_PAGE_LINES:
        documents[f"last{count}"] = render(samples.full_pages(count), created_at=samples.CREATED)
    for rows in BRIEF_ROWS:
        documents[f"brief{rows}"] = render(brief_of(rows), created_at=samples.CREATED)
    return to_pdf(documents, tmp_path_factory.mktemp("office"))


def test_a_full_page_has_22_lines_of_28_characters(pdfs):
    *text, number = lines(pdfs["full"], 2)
    assert number.replace(" ", "") == "—2—"
    assert len(text) == 22
    assert set(text) == {samples.LETTER * 28}


def test_paper_is_a4_and_turned_for_the_landscape_annex(pdfs):
    sizes = [(round(page.width), round(page.height)) for page in pages(pdfs["bulletin"])]
    assert set(sizes) == {(210, 297), (297, 210)}
    assert sizes[0] == sizes[-1] == (210, 297)


def test_every_character_is_there(pdfs):
    first = "".join(lines(pdfs["bulletin"], 1)).replace(" ", "")
    for part in ("西营商〔2026〕3号", "（工作日3天）", "关于2026年10月5日至10月11日", "街道办事处，县直及驻县各单位："):
        assert part in first
    whole = "".join(page.text for page in pages(pdfs["bulletin"]))
    for part in ("“获得用气”", "——较上周", "附件：", "本周无超期件。"):
        assert part in whole
    assert "\ufffd" not in whole


def test_tables_are_whole_and_repeat_their_head(pdfs):
    all_pages = pages(pdfs["bulletin"])
    for mark in ("竖", "横"):
        holding = [page for page in all_pages if f"{mark}甲" in page.text]
        assert len(holding) > 1
        seen = []
        for page in holding:
            assert "序号" in page.text
            assert "本周" in page.text
            for number in range(1, 41):
                first, second = f"{mark}甲{number:03d}" in page.text, f"{mark}乙{number:03d}" in page.text
                assert first == second, "a row was torn"
                seen += [number] * first
        assert seen == list(range(1, 41))


def test_numbers_stand_right_on_odd_and_left_on_even_pages_7_mm_below_the_text(pdfs):
    for number, page in enumerate(pages(pdfs["full"]), start=1):
        foot = [word for word in page.words if word.top > TYPE_AREA_BOTTOM]
        assert "".join(word.text for word in foot).replace(" ", "") == f"—{number}—"
        left, right = min(word.left for word in foot), max(word.right for word in foot)
        if number % 2:
            assert right == pytest.approx(210 - 26 - 14 / POINTS_PER_MM, abs=1)
        else:
            assert left == pytest.approx(28 + 14 / POINTS_PER_MM, abs=1)
        middle = (foot[0].top + foot[0].bottom) / 2
        assert middle - TYPE_AREA_BOTTOM == pytest.approx(7, abs=1)


def test_numbers_of_landscape_pages_stand_where_portrait_pages_have_them(pdfs):
    turned = [(n, page) for n, page in enumerate(pages(pdfs["bulletin"]), start=1) if page.width > page.height]
    assert {n % 2 for n, _ in turned} == {0, 1}
    for number, page in turned:
        (word,) = (word for word in page.words if word.left < 35 and word.text.strip("— ") == str(number))
        assert word.left > 24
        assert word.right < 33
        if number % 2:
            assert 165 < word.bottom < 180
        else:
            assert 30 < word.top < 45


def test_colophon_ends_on_the_lower_edge_of_the_type_area(pdfs):
    last = pages(pdfs["bulletin"])[-1]
    assert last.find("印发").bottom == pytest.approx(TYPE_AREA_BOTTOM - 1.5, abs=1.5)
    assert last.find("抄送").left == pytest.approx(28 + 14 / POINTS_PER_MM, abs=1)
    image = picture(pdfs["bulletin"], len(pages(pdfs["bulletin"])))
    column = [image.getpixel((1000, y))[0] < 128 for y in range(2200, 2640)]
    rules = [2200 + y for y in range(1, len(column)) if column[y] and not column[y - 1]]
    assert rules[-1] / 10 == pytest.approx(TYPE_AREA_BOTTOM, abs=0.5)
    rule = [image.getpixel((x, rules[-1] + 1))[0] < 128 for x in range(2100)]
    assert rule.index(True) / 10 == pytest.approx(28, abs=0.5)
    assert (2100 - rule[::-1].index(True)) / 10 == pytest.approx(184, abs=0.5)


@pytest.mark.parametrize("count", LAST_PAGE_LINES)
def test_colophon_never_covers_text_however_full_the_page_is(pdfs, count):
    """It stands at the foot of the last page, below the text or alone."""
    all_pages = pages(pdfs[f"last{count}"])
    last = all_pages[-1]
    assert last.find("印发").bottom == pytest.approx(TYPE_AREA_BOTTOM - 1.5, abs=1.5)
    text = [word for word in last.words if samples.LETTER in word.text]
    assert all(word.bottom <= last.find("抄送").top for word in text)
    assert sum(page.text.count(samples.LETTER) for page in all_pages) == 28 * count
    assert not [page for page in all_pages[:-1] if "印发" in page.text]


def test_colophon_after_a_landscape_annex_has_a_portrait_page(pdfs):
    *_, before, last = pages(pdfs["newsletter"])
    assert before.width > before.height
    assert last.height > last.width
    assert "印发" in last.text


def test_red_head_is_35_mm_below_the_type_area_s_edge_and_its_rule_as_wide_as_the_text(pdfs):
    image = picture(pdfs["bulletin"], 1)
    red = [[_is_red(image.getpixel((x, y))) for x in range(0, 2100, 2)] for y in range(300, 1300)]
    rows = [300 + y for y, row in enumerate(red) if any(row)]
    assert rows[0] / 10 == pytest.approx(TYPE_AREA_TOP + 35, abs=1)
    widest = max(range(len(red)), key=lambda y: sum(red[y]))
    rule = [2 * x for x, there in enumerate(red[widest]) if there]
    assert rule[0] / 10 == pytest.approx(28, abs=0.5)
    assert rule[-1] / 10 == pytest.approx(184, abs=0.5)
    black = [
        y for y in range(rows[0], 300 + widest) if any(sum(image.getpixel((x, y))) < 150 for x in range(800, 1300, 2))
    ]
    assert (300 + widest - max(black)) / 10 == pytest.approx(4, abs=1)
    assert image.getpixel((1050, 300 + widest)) == (0xD4, 0, 0)


def _is_red(pixel: tuple[int, int, int]) -> bool:
    return pixel[0] > 180 and pixel[1] < 60 and pixel[2] < 60


def test_name_stands_over_the_date(pdfs):
    page = next(page for page in pages(pdfs["bulletin"]) if "2026年10月2日" in page.text.replace(" ", ""))
    row = max(word.top for word in page.words if word.text == "2026")
    day = [word for word in page.words if abs(word.top - row) < 2]
    name = page.find("工作领导小组办公室")
    right_edge = max(word.right for word in day)
    assert right_edge == pytest.approx(184 - 4 * 15.75 / POINTS_PER_MM, abs=1)
    centre = (min(word.left for word in day) + right_edge) / 2
    assert (name.left + name.right) / 2 == pytest.approx(centre, abs=7)  # figures of another font are wider


@pytest.mark.parametrize(("name", "count"), [("form", 1), ("notice", 1), ("sheet", 1)])
def test_forms_take_one_page(pdfs, name, count):
    assert len(pages(pdfs[name])) == count


def test_what_fits_on_one_page_is_known_without_an_office_programme(pdfs):
    measured = {rows: len(pages(pdfs[f"brief{rows}"])) == 1 for rows in BRIEF_ROWS}
    assert set(measured.values()) == {True, False}
    assert {rows: fits_one_page(brief_of(rows)) for rows in BRIEF_ROWS} == measured
