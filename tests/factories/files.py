"""Files as people and attackers make them, built in the test from nothing."""

import io
import struct
import zipfile
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import openpyxl
import xlsxwriter
import xlwt
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

Rows = list[list[Any]]


def uploaded(data: bytes, name: str = "file.xlsx") -> SimpleUploadedFile:
    """Return ``data`` as a browser would send it."""
    return SimpleUploadedFile(name, data)


def xlsx(
    *sheets: Rows, names: list[str] | None = None, hidden: tuple[str, ...] = (), epoch_1904: bool = False
) -> bytes:
    """Return a workbook; a text beginning with ``=`` is a formula without a stored result."""
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"date_1904": epoch_1904, "default_date_format": "yyyy-mm-dd hh:mm:ss"})
    for number, rows in enumerate(sheets):
        sheet = workbook.add_worksheet(names[number] if names else f"表{number + 1}")
        if sheet.name in hidden:
            sheet.hide()
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                sheet.write(row, column, value)
    workbook.close()
    return out.getvalue()


def xls(rows: Rows, *, epoch_1904: bool = False, formulas: dict[tuple[int, int], str] | None = None) -> bytes:
    """Return an old binary workbook."""
    book = xlwt.Workbook()
    book.dates_1904 = epoch_1904
    sheet = book.add_sheet("工单")
    moment = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm:ss")
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            style = moment if isinstance(value, datetime) else xlwt.Style.default_style
            sheet.write(row, column, value, style)
    for (row, column), formula in (formulas or {}).items():
        sheet.write(row, column, xlwt.Formula(formula))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_bytes(rows: list[str], encoding: str = "utf-8") -> bytes:
    """Return lines as a CSV file of ``encoding``."""
    return "\r\n".join(rows).encode(encoding)


def with_parts(package: bytes, parts: dict[str, bytes]) -> bytes:
    """Return ``package`` (a zip) with parts added or replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def with_sheet_xml(cells: str) -> bytes:
    """Return a workbook whose only sheet holds the given ``<sheetData>`` content."""
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<?xml version="1.0"?><worksheet xmlns="{namespace}"><sheetData>{cells}</sheetData></worksheet>'
    return with_parts(xlsx([["x"]]), {"xl/worksheets/sheet1.xml": xml.encode()})


def zip_bomb(megabytes: int = 101) -> bytes:
    """Return a small workbook one part of which unpacks to ``megabytes``."""
    return with_parts(xlsx([["x"]]), {"xl/media/image1.bin": b"\0" * (megabytes * 1024 * 1024)})


def lying_zip() -> bytes:
    """Return a zip whose directory says a part is 10 bytes long while 1 MB comes out."""
    package = with_parts(xlsx([["x"]]), {"xl/theme/theme1.xml": b" " * 1_000_000})
    directory = package.rindex(b"xl/theme/theme1.xml") - 46
    size_at = directory + 24
    return package[:size_at] + struct.pack("<I", 10) + package[size_at + 4 :]


def docx(text: str = "正文") -> bytes:
    """Return the smallest package Word takes for a document."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types/>')
        package.writestr("word/document.xml", f'<?xml version="1.0"?><document>{text}</document>')
    return out.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options) -> bytes:
    """Return a picture whose left half is red and right half blue, so that turning it can be seen."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo(
    kind: str = "JPEG",
    size: tuple[int, int] = (400, 300),
    *,
    taken: str = "2026:11:20 09:30:15",
    offset: str = "",
    orientation: int = 1,
) -> bytes:
    """Return a picture with what telephones write into it: time, place, make, orientation."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "SecretPhone"
    exif[ExifTags.Base.DateTimeOriginal] = taken
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        details[ExifTags.Base.OffsetTimeOriginal] = offset
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (33.0, 23.0, 0.0)
    return picture(kind, size, exif=exif.tobytes())


def sheet_values(data: bytes, name: str | None = None) -> Rows:
    """Return what openpyxl, a reader none of our code uses, finds in a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book[name] if name else book.worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def encrypted_xlsx() -> bytes:
    """Return what a password-protected .xlsx looks like: an OLE file around an ``EncryptedPackage`` stream.

    xlwt's container is taken and its one stream renamed; the directory holds names in UTF-16.
    """
    book = xls([["x"]])
    name, other = "Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")
    at = book.index(name + b"\0" * 4)
    entry = bytearray(book)
    entry[at : at + len(other)] = other
    entry[at + 64 : at + 66] = struct.pack("<H", len(other) + 2)
    return bytes(entry)


@contextmanager
def opened(data: bytes):
    """Open a workbook with openpyxl, and close it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    try:
        yield book
    finally:
        book.close()


def endless_xls() -> bytes:
    """Return an .xls that claims 700 million rows: what makes a native parser ask for memory until it is killed."""
    book = xls([["编号", "时间", "内容"], ["1", "2026-03-05", "甲"]])
    dimensions = book.index(b"\x00\x02\x0e\x00") + 4  # record type 0x0200, 14 bytes long
    return book[: dimensions + 4] + struct.pack("<I", 700_000_000) + book[dimensions + 8 :]
