"""A finished ``.docx`` as the checks see it: sections, paragraphs and runs, with what their styles say for them."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.section import Section
from lxml.etree import XMLSyntaxError, _Element

from core.office import damaged, open_package, refuse_doctypes, refuse_macros

FONT_KINDS = ("ascii", "hAnsi", "eastAsia", "cs")


def open_document(data: bytes) -> Document:
    """Return the document.

    Raises:
        FileRefused: damaged, with a password, with macros, or no ``.docx``.
        FileTooLarge: over 100 MB unpacked.
    """
    package = open_package(data)
    refuse_macros(package)
    refuse_doctypes(package)
    try:
        return docx.Document(io.BytesIO(data))
    except (KeyError, ValueError, AttributeError, XMLSyntaxError) as error:
        raise damaged() from error


def roots(document: Document) -> Iterator[_Element]:
    """Yield the body and every header and footer the sections have of their own."""
    yield document.element.body
    for section in document.sections:
        for part in own_parts(section):
            yield part._element


def own_parts(section: Section) -> list[Any]:
    """Return the headers and footers that ``section`` does not take over from the one before."""
    parts = [
        section.header,
        section.footer,
        section.even_page_header,
        section.even_page_footer,
        section.first_page_header,
        section.first_page_footer,
    ]
    return [part for part in parts if not part.is_linked_to_previous]


def words(node: _Element) -> str:
    """Return the text of a paragraph or run: its own, not that of a box it holds; tabs and breaks as spaces."""
    pieces = []
    for part in node.iter(qn("w:t"), qn("w:tab"), qn("w:br")):
        if _owner(part) is (node if node.tag == qn("w:p") else _owner(node)):
            pieces.append(
                part.text or "" if part.tag == qn("w:t") else " " if part.getparent().tag == qn("w:r") else ""
            )
    return "".join(pieces)


def _owner(node: _Element) -> _Element | None:
    """Return the nearest paragraph around ``node``."""
    return next(node.iterancestors(qn("w:p")), None)


@dataclass(frozen=True, slots=True)
class Looks:
    """Looks up properties: on the element, then in its style and the styles that one is based on."""

    styles: dict[str, _Element]
    defaults: _Element | None

    @classmethod
    def of(cls, document: Document) -> "Looks":
        """Return the look-up for ``document``."""
        root = document.styles.element
        named = {style.get(qn("w:styleId")): style for style in root.iter(qn("w:style"))}
        return cls(named, root.find(qn("w:docDefaults")))

    def style_key(self, paragraph: _Element) -> str:
        """Return the id of the paragraph's style, empty when it names none."""
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return "" if style is None else style.get(qn("w:val"), "")

    def of_paragraph(self, paragraph: _Element, tag: str, attribute: str = "val") -> str | None:
        """Return an attribute of a paragraph property, None where nobody says it."""
        return self._found(paragraph, "w:pPr", self.style_key(paragraph), tag, attribute)

    def of_run(self, run: _Element, tag: str, attribute: str = "val") -> str | None:
        """Return an attribute of a run property, None where nobody says it."""
        owner = _owner(run)
        return self._found(run, "w:rPr", "" if owner is None else self.style_key(owner), tag, attribute)

    def run_is(self, run: _Element, tag: str) -> bool:
        """Return whether a switch such as ``w:b`` is on for ``run``."""
        owner = _owner(run)
        return self._is_on(self._places(run, "w:rPr", "" if owner is None else self.style_key(owner)), tag)

    def paragraph_is(self, paragraph: _Element, tag: str) -> bool:
        """Return whether a switch such as ``w:keepNext`` is on for ``paragraph``."""
        return self._is_on(self._places(paragraph, "w:pPr", self.style_key(paragraph)), tag)

    @staticmethod
    def _is_on(places: Iterator[_Element], tag: str) -> bool:
        found = next((found for place in places if (found := place.find(qn(tag))) is not None), None)
        return found is not None and found.get(qn("w:val"), "1") not in ("0", "false", "off")

    def _found(self, node: _Element, kind: str, style: str, tag: str, attribute: str) -> str | None:
        for place in self._places(node, kind, style):
            found = place.find(qn(tag))
            if found is not None and (value := found.get(qn(f"w:{attribute}"))) is not None:
                return value
        return None

    def _places(self, node: _Element, kind: str, style: str) -> Iterator[_Element]:
        own = node.find(qn(kind))
        if own is not None:
            yield own
        seen: set[str] = set()
        while style and style in self.styles and style not in seen:
            seen.add(style)
            definition = self.styles[style]
            if (found := definition.find(qn(kind))) is not None:
                yield found
            base = definition.find(qn("w:basedOn"))
            style = "" if base is None else base.get(qn("w:val"), "")
        if self.defaults is not None:
            yield from self.defaults.iter(qn(kind))
