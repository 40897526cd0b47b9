"""How large a spreadsheet may be, and the refusals of a file as a whole.

Codes: ``unsupported_file file_too_large too_many_rows missing_column``. The limits bound memory and
time before anything is handed to a parser; a hostile file costs a refusal, never the process.
"""

from core.exceptions import FileRefused, FileTooLarge

MEGABYTE = 1024 * 1024
LARGEST_FILE = 10 * MEGABYTE
MOST_DATA_ROWS = 5_000
MOST_SHEET_ROWS = 50_000
"""Filled rows of one sheet, counted or not: beyond this it cannot hold 5,000 rows and some notes."""
MOST_SHEET_CELLS = 2_000_000
"""Rows x columns of one sheet from its first to its last filled cell; the parser allocates all of them."""


def too_large(detail: str = "文件超过 10 MB，请拆分后再上传") -> FileTooLarge:
    """Return the refusal of a file that is too large, packed or unpacked."""
    return FileTooLarge(detail, code="file_too_large")


def too_many_rows(detail: str = "数据超过 5,000 行，请拆分后再上传") -> FileRefused:
    """Return the refusal of a file with too many rows."""
    return FileRefused(detail, code="too_many_rows")


def missing_column(labels: list[str]) -> FileRefused:
    """Return the refusal of a file no sheet of which has all required columns."""
    return FileRefused(f"没有找到完整的表头，必须有这些列：{'、'.join(labels)}", code="missing_column")
