"""The package around the text: styles, settings, sections with their page numbers, and bytes that repeat.

The parts are our own and few, not python-docx's template: no theme, no document grid, no foreign styles. Frozen
files are known by their sha256, so the same input must give the same bytes: moments and the order are fixed.
"""

import io
import zipfile
from datetime import UTC, datetime
from functools import cache

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from lxml import etree

from core.documents.markup import element, printable
from core.documents.page import LANDSCAPE, PORTRAIT, Paper, set_page
from core.documents.page_numbers import number_pages
from core.documents.styles import BODY, FANGSONG, HEITI, KAITI, NOTHING, SONG, STAND_INS, STYLES, TITLE_SONG, Style
from core.documents.text import paragraph, paragraph_properties, run_properties

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FIXED_MOMENT = (1980, 1, 1, 0, 0, 0)
"""What the zip says of every part; the document's own moment stands in its core properties."""

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_PARTS}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_PARTS}.styles+xml"/>'
    f'<Override PartName="/word/fontTable.xml" ContentType="{_PARTS}.fontTable+xml"/>'
    f'<Override PartName="/word/settings.xml" ContentType="{_PARTS}.settings+xml"/>'
    '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
)
_PACKAGE_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/>'
    '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/'
    'core-properties" Target="docProps/core.xml"/></Relationships>'
)
_DOCUMENT_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{_RELATIONS}/settings" Target="settings.xml"/>'
    f'<Relationship Id="rId3" Type="{_RELATIONS}/fontTable" Target="fontTable.xml"/></Relationships>'
)
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>'
)
_DOCUMENT = f"<w:document {nsdecls('w', 'r')}><w:body><w:sectPr/></w:body></w:document>"
_SETTINGS = (
    f"<w:settings {nsdecls('w')}>"
    '<w:zoom w:percent="100"/><w:defaultTabStop w:val="630"/><w:evenAndOddHeaders/>'
    '<w:characterSpacingControl w:val="doNotCompress"/>'
    "<w:compat><w:doNotExpandShiftReturn/>"
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
)


def _styles() -> str:
    """Return styles.xml: the defaults are body text, so that what somebody adds in Word looks right at once."""
    defaults = run_properties(BODY)
    defaults.append(element("w:lang", val="en-US", eastAsia="zh-CN"))
    root = element("w:styles")
    root.append(element("w:docDefaults", element("w:rPrDefault", defaults), element("w:pPrDefault")))
    normal = element(
        "w:style",
        element("w:name", val="Normal"),
        element("w:qFormat"),
        type="paragraph",
        default=1,
        styleId="Normal",
    )
    root.append(normal)
    for style in STYLES:
        root.append(_definition(style))
    return etree.tostring(root, encoding="unicode")


def _fonts() -> str:
    """Return fontTable.xml: what a machine without the licensed fonts of the standard takes instead."""
    root = element("w:fonts")
    for name in (FANGSONG, KAITI, HEITI, SONG, TITLE_SONG):
        font = element("w:font", name=name)
        if name in STAND_INS:
            font.append(element("w:altName", val=STAND_INS[name]))
        font.extend([element("w:charset", val=86), element("w:family", val="auto"), element("w:pitch", val="variable")])
        root.append(font)
    return etree.tostring(root, encoding="unicode")


def _definition(style: Style) -> BaseOxmlElement:
    return element(
        "w:style",
        element("w:name", val=style.name),
        element("w:basedOn", val="Normal"),
        element("w:qFormat"),
        paragraph_properties(style, named=False),
        run_properties(style),
        type="paragraph",
        customStyle=1,
        styleId=style.key,
    )


@cache
def _template() -> bytes:
    """Return an empty document with our styles and settings."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _PACKAGE_RELATIONS),
            ("word/document.xml", _DOCUMENT),
            ("word/_rels/document.xml.rels", _DOCUMENT_RELATIONS),
            ("word/styles.xml", _styles()),
            ("word/fontTable.xml", _fonts()),
            ("word/settings.xml", _SETTINGS),
            ("docProps/core.xml", _CORE),
        ):
            package.writestr(name, content if content.startswith("<?xml") else _DECLARATION + content)
    return out.getvalue()


class Sheets:
    """A document being written: elements are added at its end, sections follow one another."""

    def __init__(self) -> None:
        self._document: Document = docx.Document(io.BytesIO(_template()))
        self._paper = PORTRAIT
        set_page(self._properties, PORTRAIT)
        number_pages(self._document.sections[0], PORTRAIT)

    @property
    def _properties(self) -> BaseOxmlElement:
        return self._document.element.body.sectPr

    @property
    def paper(self) -> Paper:
        """The paper of the section that is being written."""
        return self._paper

    def add(self, *elements: BaseOxmlElement) -> None:
        """Add paragraphs and tables at the end."""
        for new in elements:
            self._properties.addprevious(new)

    def turn(self, *, landscape: bool) -> None:
        """Begin a section on a new page, on portrait or landscape paper."""
        self._paper = LANDSCAPE if landscape else PORTRAIT
        section = self._document.add_section(WD_SECTION.NEW_PAGE)
        self._hide_section_end()
        set_page(self._properties, self._paper)
        number_pages(section, self._paper)

    def _hide_section_end(self) -> None:
        """Let the last paragraph carry the end of its section.

        python-docx adds a paragraph for it, which would take a line, or a whole page where the page is full.
        """
        added = self._properties.getprevious()
        before = added.getprevious()
        if before is None or before.tag != qn("w:p"):
            before = paragraph(NOTHING)
            added.addprevious(before)
        before.pPr.append(added.pPr.find(qn("w:sectPr")))
        added.getparent().remove(added)

    def save(self, *, title: str, author: str, created_at: datetime) -> bytes:
        """Return the ``.docx``.

        Args:
            title: shown by the file manager.
            author: the issuing office, never a person.
            created_at: aware; stands as created and modified.
        """
        moment = created_at.astimezone(UTC).replace(microsecond=0)
        properties = self._document.core_properties
        properties.title = printable(title)[:255]
        properties.author = properties.last_modified_by = printable(author)[:255]
        properties.created = properties.modified = moment
        properties.revision = 1
        properties.language = "zh-CN"
        out = io.BytesIO()
        self._document.save(out)
        return _repeatable(out.getvalue())


def _repeatable(data: bytes) -> bytes:
    """Return the package with the moment of its writing taken out of every part's header."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, FIXED_MOMENT)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 3
            part.external_attr = 0o644 << 16
            target.writestr(part, source.read(name), compresslevel=6)
    return out.getvalue()
