"""Pictures: whole, of bearable size, nothing hidden behind them; photos re-encoded without their data.

A photo tells where and with which telephone it was taken. Photos are therefore drawn anew: at most
2,000 px on the longest side, upright, without EXIF or location. The moment of capture is read first,
it is evidence (domain §7).
"""

import datetime as dt
import io
import struct
import warnings

import pillow_heif
from PIL import ExifTags, Image, ImageOps

from core.office import damaged, unsupported
from core.spreadsheets.fields import SHANGHAI

LONGEST_SIDE = 2_000
QUALITY = 85
MOST_PIXELS = {"image/jpeg": 200_000_000, "image/png": 100_000_000, "image/webp": 50_000_000, "image/heic": 50_000_000}
"""JPEG decoders scale down while decoding, so even a 200-megapixel photo stays small in memory."""

RE_ENCODED = frozenset({"image/jpeg", "image/heic", "image/webp"})
_MARKUP = (b"<script", b"<html", b"<svg", b"<?php")
_PNG_HEAD = 8
_UNREADABLE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    Image.DecompressionBombError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
"""Whatever the decoders' plug-ins let escape over a damaged file."""

pillow_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = None  # the limit depends on the format and is checked in _open


def check_picture(data: bytes, content_type: str) -> None:
    """Refuse a picture that is damaged, too large to be shown, or carries something else.

    Raises:
        FileRefused: ``unsupported_file``.
    """
    if any(mark in data.lower() for mark in _MARKUP):
        raise unsupported("图片里夹带了网页代码，不予接收。请重新拍照或截图后再上传")
    if content_type == "image/png":
        _check_png_ends(data)
    image = _open(data, content_type)
    try:
        if content_type == "image/png":
            image.verify()
        else:
            _load(image)
    except _UNREADABLE as error:
        raise damaged() from error


def redraw_photo(data: bytes, content_type: str) -> bytes:
    """Return the photo as a JPEG of at most 2,000 px without any metadata, turned upright.

    Raises:
        FileRefused: ``unsupported_file`` when it cannot be decoded.
    """
    try:
        image = _open(data, content_type)
        _load(image)
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        plain = Image.new("RGB", upright.size, "white")
        plain.paste(upright.convert("RGBA"), mask=upright.convert("RGBA").getchannel("A"))
        out = io.BytesIO()
        plain.save(out, "JPEG", quality=QUALITY, optimize=True, icc_profile=image.info.get("icc_profile"))
        return out.getvalue()
    except _UNREADABLE as error:
        raise damaged() from error


def capture_moment(data: bytes, content_type: str) -> dt.datetime | None:
    """Return when the photo was taken (aware; Asia/Shanghai where the camera names no offset), ``None`` if unsaid."""
    try:
        details = _open(data, content_type).getexif().get_ifd(ExifTags.IFD.Exif)
        written = _exif_text(details.get(ExifTags.Base.DateTimeOriginal))
        moment = dt.datetime.strptime(written, "%Y:%m:%d %H:%M:%S").replace(tzinfo=SHANGHAI)
    except _UNREADABLE:
        return None
    offset = _exif_text(details.get(ExifTags.Base.OffsetTimeOriginal))
    try:
        return dt.datetime.strptime(f"{written} {offset}", "%Y:%m:%d %H:%M:%S %z")
    except ValueError:
        return moment


def _exif_text(value: object) -> str:
    text = value.decode("ascii", "replace") if isinstance(value, bytes) else str(value or "")
    return text.strip("\0 ")


def _open(data: bytes, content_type: str) -> Image.Image:
    """Read a picture's head only; refuses one whose pixels would not fit in memory."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data))
    except _UNREADABLE as error:
        raise damaged() from error
    if image.width * image.height > MOST_PIXELS[content_type]:
        raise unsupported("图片像素过大，请缩小后再上传")
    return image


def _load(image: Image.Image) -> None:
    """Decode a picture; a JPEG at the smallest scale that still gives 2,000 px."""
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    image.load()


def _check_png_ends(data: bytes) -> None:
    """Refuse a PNG that breaks off or goes on behind its last chunk."""
    position = _PNG_HEAD
    while position + 12 <= len(data):
        length = int.from_bytes(data[position : position + 4])
        kind = data[position + 4 : position + 8]
        position += 12 + length
        if kind == b"IEND":
            if position != len(data):
                raise unsupported("图片后面夹带了其他内容，不予接收。请重新截图后再上传")
            return
    raise damaged()
