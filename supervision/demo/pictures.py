"""Pictures for the demonstration: drawn, of nobody and nowhere, the same scene before and after."""

import io
from collections.abc import Callable
from datetime import datetime
from random import Random

from django.core.files.base import ContentFile
from PIL import ExifTags, Image, ImageDraw

from core.dates import SHANGHAI

SIZE = (800, 600)
_WALLS = ("#e8e4dc", "#e3e8ea", "#ece9e0", "#e2e6df", "#e9e3e6")
_FLOOR, _LINE, _PAPER, _WOOD, _GREY, _RED, _BLUE, _GREEN = (
    *("#c9c2b5", "#6b6f76", "#fdfdf9", "#b08d62", "#9aa0a8", "#b4443c", "#3f6ea5", "#4f8a5b"),
)


def photo(scene: str, *, is_after: bool, serial: int, taken_at: datetime) -> ContentFile:
    """Return a JPEG of ``scene`` (board, counter, screen, papers, ramp) as it was before or is after.

    It carries the moment of capture like a telephone's; ``serial`` makes each picture one of its own.
    """
    dice = Random(serial)  # a story, nothing secret  # nosec B311
    image = Image.new("RGB", SIZE, dice.choice(_WALLS))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 430 + dice.randint(-15, 15), *SIZE), fill=_FLOOR)
    _SCENES[scene](draw, dice, is_after)
    exif = image.getexif()
    moment = taken_at.astimezone(SHANGHAI).strftime("%Y:%m:%d %H:%M:%S")
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = moment
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=80, exif=exif)
    return ContentFile(kept.getvalue(), name="整改后照片.jpg" if is_after else "整改前照片.jpg")


def _lines(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], dice: Random, *, colour: str = _LINE) -> None:
    """Draw what looks like lines of writing into ``box``."""
    left, top, right, bottom = box
    for y in range(top + 14, bottom - 8, 14):
        draw.line((left + 10, y, right - 10 - dice.randint(0, (right - left) // 3), y), fill=colour, width=3)


def _board(draw: ImageDraw.ImageDraw, dice: Random, is_after: bool) -> None:
    """Draw a notice board: sheets missing and askew, afterwards complete."""
    draw.rectangle((120, 90, 680, 400), fill="#dfe7ee", outline=_BLUE, width=10)
    draw.rectangle((120, 90, 680, 130), fill=_BLUE)
    for column in range(3):
        for row in range(2):
            x, y = 150 + column * 180, 150 + row * 120
            if not is_after and (column + row + dice.randint(0, 1)) % 2:
                draw.rectangle((x, y, x + 145, y + 100), outline=_GREY, width=2)
                continue
            tilt = 0 if is_after else dice.randint(-9, 9)
            corners = ((x, y + tilt), (x + 145, y - tilt), (x + 145, y + 100 - tilt), (x, y + 100 + tilt))
            draw.polygon(corners, fill=_PAPER if is_after else "#e6ddba")
            _lines(draw, (x, y, x + 145, y + 100), dice, colour=_LINE if is_after else "#a59a76")


def _counter(draw: ImageDraw.ImageDraw, dice: Random, is_after: bool) -> None:
    """Draw a counter of three windows: empty chairs, afterwards somebody at each."""
    draw.rectangle((60, 330, 740, 470), fill=_WOOD)
    for window in range(3):
        x = 110 + window * 210
        draw.rectangle((x, 150, x + 165, 330), fill="#dbe9f1", outline=_GREY, width=6)
        draw.rectangle((x + 20, 100, x + 145, 140), fill=_GREEN if is_after else _GREY)
        draw.rectangle((x + 50, 270, x + 115, 330), fill="#5d6470")
        if is_after or (window + dice.randint(0, 2)) % 3 == 0:
            draw.ellipse((x + 60, 190, x + 105, 235), fill="#8a929c")
            draw.pieslice((x + 35, 235, x + 130, 400), 180, 360, fill=_BLUE)


def _screen(draw: ImageDraw.ImageDraw, dice: Random, is_after: bool) -> None:
    """Draw a list on a screen: overdue lines in red, afterwards ticked off."""
    draw.rectangle((130, 80, 670, 440), fill="#2f343b")
    draw.rectangle((150, 100, 650, 410), fill=_PAPER)
    draw.rectangle((150, 100, 650, 135), fill=_BLUE)
    draw.rectangle((360, 440, 440, 500), fill="#2f343b")
    for row in range(6):
        y = 152 + row * 42
        late = not is_after and (row + dice.randint(0, 2)) % 2 == 0
        draw.rectangle((170, y, 200, y + 22), fill=_RED if late else _GREEN)
        draw.line((220, y + 11, 420 + dice.randint(0, 180), y + 11), fill=_RED if late else _LINE, width=5)


def _papers(draw: ImageDraw.ImageDraw, dice: Random, is_after: bool) -> None:
    """Draw files: scattered over the desk, afterwards standing in the cabinet."""
    draw.rectangle((90, 380, 710, 420), fill=_WOOD)
    if is_after:
        draw.rectangle((160, 90, 640, 380), fill="#d8d2c6", outline=_GREY, width=6)
        for shelf in range(2):
            for place in range(11):
                x, y = 180 + place * 41, 110 + shelf * 135
                draw.rectangle((x, y, x + 33, y + 115), fill=dice.choice((_BLUE, _GREEN, "#7a6fa0")))
                draw.rectangle((x + 7, y + 20, x + 26, y + 55), fill=_PAPER)
        return
    for _ in range(9):
        x, y = dice.randint(100, 560), dice.randint(200, 350)
        shift = dice.randint(-28, 28)
        draw.polygon(
            ((x, y), (x + 120, y + shift), (x + 105, y + 75 + shift), (x - 15, y + 75)), fill=_PAPER, outline=_GREY
        )
        draw.line((x + 15, y + 25, x + 90, y + 25 + shift), fill=_LINE, width=3)
        draw.line((x + 10, y + 42, x + 80, y + 42 + shift), fill=_LINE, width=3)


def _ramp(draw: ImageDraw.ImageDraw, dice: Random, is_after: bool) -> None:
    """Draw a way to a door: blocked, afterwards free and marked."""
    draw.rectangle((300, 110, 500, 430), fill="#cfd8de", outline=_GREY, width=8)
    draw.polygon(((260, 430), (540, 430), (690, 600), (110, 600)), fill="#b7b3aa")
    if is_after:
        for step in range(5):
            y = 445 + step * 32
            draw.polygon(((375, y), (425, y), (435, y + 18), (365, y + 18)), fill="#e5c443")
        return
    for _ in range(6):
        x, y = dice.randint(190, 520), dice.randint(410, 510)
        draw.rectangle(
            (x, y - 55, x + 75, y + 10), fill=dice.choice((_WOOD, "#8d7350", _GREY)), outline="#5d5142", width=3
        )


_SCENES: dict[str, Callable[[ImageDraw.ImageDraw, Random, bool], None]] = {
    "board": _board,
    "counter": _counter,
    "screen": _screen,
    "papers": _papers,
    "ramp": _ramp,
}
