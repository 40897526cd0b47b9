"""Guards for office files: zip packages (.docx .xlsx .pptx) and OLE compound files (.doc .xls .ppt .wps .et).

What could harm is found by streaming, before any parser sees the file: bombs, macros, document types,
passwords. Names inside a package are only ever keys of it, never paths.
"""

import struct
import zipfile
import zlib
from io import BytesIO
from xml.parsers import expat

import olefile

from core.exceptions import FileRefused, FileTooLarge

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LARGEST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 2_000
MACRO_STORAGES = frozenset({"_vba_project_cur", "_vba_project", "vba", "macros"})

_BLOCK = 256 * 1024
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_MACRO_NAMES = ("vbaproject", "macrosheets/", "dialogsheets/")
_MACRO_TYPES = (b"macroenabled", b"vbaproject", b"macrosheet")
_ENCRYPTED = 0x1


def unsupported(detail: str) -> FileRefused:
    """Return the refusal of a file of a kind that is not taken."""
    return FileRefused(detail, code="unsupported_file")


def damaged() -> FileRefused:
    """Return the refusal of a file that cannot be opened."""
    return unsupported("文件已损坏或设有密码，无法打开。请另存一份不带密码的文件后再上传")


def with_macros() -> FileRefused:
    """Return the refusal of a file that would run something."""
    return unsupported("文件带有宏，出于安全不予接收。请另存为不带宏的格式后再上传")


def open_package(data: bytes) -> zipfile.ZipFile:
    """Open a zip whose every part was unpacked once to see that it is whole and no bomb.

    Raises:
        FileRefused: damaged, encrypted, or two parts of one name.
        FileTooLarge: over 100 MB unpacked, by what is declared or by what really comes out.
    """
    try:
        package = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise damaged() from error
    parts = package.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise FileTooLarge("文件解压后超过 100 MB，请拆分后再上传", code="file_too_large")
    if len({part.filename for part in parts}) < len(parts):
        raise damaged()
    for part in parts:
        if part.flag_bits & _ENCRYPTED or _unpacked_size(data, part) != part.file_size:
            raise damaged()
    return package


def _unpacked_size(data: bytes, part: zipfile.ZipInfo) -> int:
    """Return how many bytes really come out of ``part``, stopping one byte after the declared size.

    A header may lie: zipfile trusts it, other unpackers do not, so it is compared with the truth.
    """
    if not 0 <= part.header_offset <= len(data) - _LOCAL_HEADER.size:
        raise damaged()
    signature, name, extra = _LOCAL_HEADER.unpack_from(data, part.header_offset)
    if signature != ZIP_MAGIC:
        raise damaged()
    start = part.header_offset + _LOCAL_HEADER.size + name + extra
    packed = memoryview(data)[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        return len(packed)
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise damaged()
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    size, pending = 0, bytes(packed)
    try:
        while size <= part.file_size and pending and not unpacker.eof:
            size += len(unpacker.decompress(pending, _BLOCK))
            pending = unpacker.unconsumed_tail
        return size + (0 if unpacker.eof else len(unpacker.flush(_BLOCK)))
    except zlib.error as error:
        raise damaged() from error


def refuse_macros(package: zipfile.ZipFile) -> None:
    """Raise ``unsupported_file`` when any part holds or declares a macro, whatever the file's extension."""
    names = [name.lower() for name in package.namelist()]
    declared = b""
    if "[Content_Types].xml" in package.namelist():
        declared = package.read("[Content_Types].xml").lower()
    if any(mark in name for name in names for mark in _MACRO_NAMES) or any(mark in declared for mark in _MACRO_TYPES):
        raise with_macros()


def refuse_doctypes(package: zipfile.ZipFile) -> None:
    """Raise ``unsupported_file`` when an XML part has a document type (entity bombs live there)."""
    for name in package.namelist():
        if name.lower().endswith((".xml", ".rels", ".vml")) and _has_doctype(package, name):
            raise unsupported("文件内部含有不安全的定义（DOCTYPE），不予接收")


class _Enough(Exception):
    """Stops a parse when what was sought has been seen."""


def _has_doctype(package: zipfile.ZipFile, name: str) -> bool:
    """Return whether a DOCTYPE precedes the root element; only that far is parsed."""
    found = []

    def on_doctype(*_):
        found.append(True)
        raise _Enough

    def on_element(*_):
        raise _Enough

    try:
        parse_part(package, name, StartDoctypeDeclHandler=on_doctype, StartElementHandler=on_element)
    except _Enough:
        return bool(found)
    return False


def parse_part(package: zipfile.ZipFile, name: str, **handlers) -> None:
    """Stream one XML part through expat; raises ``unsupported_file`` when it is not well-formed."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    for handler, function in handlers.items():
        setattr(parser, handler, function)
    try:
        with package.open(name) as part:
            while block := part.read(_BLOCK):
                parser.Parse(block, False)
            parser.Parse(b"", True)
    except (expat.ExpatError, zipfile.BadZipFile, EOFError, LookupError, ValueError) as error:
        raise damaged() from error


def local_name(name: str) -> str:
    """Return an element's or attribute's name without its prefix; writers choose prefixes freely."""
    return name.rpartition(":")[2]


def open_compound(data: bytes) -> olefile.OleFileIO:
    """Open an OLE compound file without macros or password.

    Raises:
        FileRefused: ``unsupported_file`` when damaged, encrypted, or with a macro storage.
    """
    try:
        compound = olefile.OleFileIO(BytesIO(data))
        names = stream_names(compound)
    except (OSError, ValueError, IndexError, struct.error, MemoryError) as error:
        raise damaged() from error
    if "encryptedpackage" in names:
        raise damaged()
    if names & MACRO_STORAGES:
        raise with_macros()
    return compound


def stream_names(compound: olefile.OleFileIO) -> set[str]:
    """Return the lower-case names of all storages and streams, each path taken apart."""
    return {part.lower() for path in compound.listdir(streams=True, storages=True) for part in path}
