"""The picture for forwarding: A4's shape, as large as fits, and a clear refusal without a Chinese font."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFont

from core.documents import Paragraph, picture_of
from core.documents.fonts import FontMissing, find_fonts
from core.documents.picture import HEIGHT, MARGIN, SIZES, WIDTH, _lay_out, wrapped
from tests.components import missing
from tests.core.documents import samples


@pytest.fixture(scope="module")
def fonts():
    try:
        return find_fonts()
    except FontMissing:
        pytest.skip(missing("office"))


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def inked(image: Image.Image) -> tuple[int, int, int, int]:
    """Return the box around everything that is not white."""
    return image.convert("L").point(lambda value: 255 if value < 200 else 0).getbbox()


@pytest.mark.office
def test_picture_is_one_page_and_the_same_each_time():
    data = picture_of(samples.brief())
    image = opened(data)
    assert image.size == (WIDTH, HEIGHT)
    left, top, right, bottom = inked(image)
    assert left >= MARGIN - 2
    assert right <= WIDTH - MARGIN + 2
    assert top >= MARGIN - 2
    assert bottom <= HEIGHT - MARGIN + 2
    assert picture_of(samples.brief()) == data
    assert len(data) < 300_000


@pytest.mark.office
def test_red_head_is_drawn_in_the_red_of_the_token():
    colours = {colour for _, colour in opened(picture_of(samples.bulletin())).getcolors(1 << 16)}
    assert (212, 0, 0) in colours


@pytest.mark.office
def test_little_text_is_large_and_much_text_small(fonts):
    def size(words: int) -> int:
        document = samples.brief(blocks=[Paragraph("字" * words)])
        return next(size for size in SIZES if _lay_out(document, fonts, size).bottom <= HEIGHT - MARGIN)

    assert size(20) == SIZES[0]
    assert SIZES[-1] <= size(900) < size(500) <= SIZES[0]


@pytest.mark.office
def test_what_does_not_fit_is_cut_and_said():
    long = opened(picture_of(samples.brief(blocks=[Paragraph("字" * 5000)])))
    assert inked(long)[3] <= HEIGHT - MARGIN + 2
    without_note = long.crop((0, 0, WIDTH, HEIGHT - MARGIN - 60))
    assert inked(without_note)[3] < HEIGHT - MARGIN - 40
    assert inked(long.crop((0, HEIGHT - MARGIN - 40, WIDTH, HEIGHT))) is not None


def test_machine_without_a_chinese_font_says_what_to_do(tmp_path):
    (tmp_path / "DejaVuSans.ttf").write_bytes(b"")
    with pytest.raises(FontMissing) as refusal:
        find_fonts((str(tmp_path),))
    assert "没有中文字体" in refusal.value.detail
    assert "Word 文件不受影响" in refusal.value.detail
    assert refusal.value.status_code == 503


@pytest.mark.office
def test_face_has_the_forms_used_in_china(fonts):
    assert "SC" in fonts.at(20).getname()[0] or not fonts.song[0].endswith(".ttc")
    assert fonts.at(20).getmask("国〔〕").getbbox()


@given(st.text(alphabet="国家，。（）《》2026abc.% ", max_size=120), st.integers(60, 400))
def test_wrapped_lines_hold_the_whole_text_and_fit(text, width):
    font = ImageFont.load_default(20)
    lines = wrapped(text, font, width)
    assert "".join(lines) == text
    assert all(font.getlength(line.rstrip("、，。）》%")) <= width + font.size for line in lines)
