"""Chinese fonts of this machine for pictures; none is shipped with the product."""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import ImageFont

from core.exceptions import DomainError

DIRECTORIES = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
SONG = (
    "NotoSerifCJK-Regular.ttc",
    "NotoSerifCJKsc-Regular.otf",
    "NotoSerifSC-Regular.otf",
    "SourceHanSerifSC-Regular.otf",
    "simsun.ttc",
    "uming.ttc",
    "Songti.ttc",
)
HEI = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "SourceHanSansSC-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "simhei.ttf",
    "msyh.ttc",
    "PingFang.ttc",
    "DroidSansFallbackFull.ttf",
)
_CHINESE = (" SC", " CN", "简")
"""How a collection names the face with the forms used in China; the others have Japanese or Korean forms."""


class FontMissing(DomainError):
    """This machine has no Chinese font, so no picture can be drawn (503); the ``.docx`` needs none."""

    status_code = 503
    code = "font_missing"

    def __init__(self) -> None:
        super().__init__(
            "本机没有中文字体，无法生成图片。请系统管理员安装中文字体（如 fonts-noto-cjk）后再试；Word 文件不受影响"
        )


@dataclass(frozen=True, slots=True)
class Fonts:
    """A Song face for text and a Hei face for headings: file and number of the face in it."""

    song: tuple[str, int]
    hei: tuple[str, int]

    def at(self, size: int, *, hei: bool = False) -> ImageFont.FreeTypeFont:
        """Return a face at ``size`` pixels."""
        return _face(*(self.hei if hei else self.song), size)


@cache
def _face(path: str, index: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, index=index)


@cache
def find_fonts(directories: tuple[str, ...] = DIRECTORIES) -> Fonts:
    """Return the fonts below ``directories``; where one of the two is missing the other stands in for it.

    Raises:
        FontMissing: neither is there.
    """
    there = {path.name: path for directory in directories for path in _files(Path(directory))}
    song, hei = _first(there, SONG), _first(there, HEI)
    if song is None and hei is None:
        raise FontMissing
    return Fonts(song or hei, hei or song)  # type: ignore[arg-type]  # one of them is there


def _files(directory: Path) -> Iterable[Path]:
    for parent, _, names in sorted(os.walk(directory)):
        yield from (Path(parent, name) for name in names)


def _first(there: dict[str, Path], names: Iterable[str]) -> tuple[str, int] | None:
    for name in names:
        if name in there:
            return str(there[name]), _chinese_face(str(there[name]))
    return None


def _chinese_face(path: str) -> int:
    """Return the number of the face with Chinese forms; the first where no name tells."""
    if not path.endswith(".ttc"):
        return 0
    for index in range(sys.maxsize):
        try:
            family = ImageFont.truetype(path, 10, index=index).getname()[0] or ""
        except OSError:
            return 0
        if any(mark in family for mark in _CHINESE):
            return index
    return 0
