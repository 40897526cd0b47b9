"""Building WordprocessingML: elements with attributes, and the only way typed text gets into them."""

import re

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

_SPACES = re.compile(r"[\t\n\r\v\f\x85\u2028\u2029]+")
_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
"""Controls, zero-width and direction marks, halves of surrogates: XML forbids them or nobody sees them."""


def element(tag: str, *children: BaseOxmlElement, **attributes: str | int) -> BaseOxmlElement:
    """Return ``tag`` with ``children``; attributes get the prefix w, ``element("w:sz", val=32)``."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(children)
    return made


def printable(text: str) -> str:
    """Return ``text`` on one line: line ends and tabs become a space, what nobody can see goes."""
    return _UNPRINTABLE.sub("", _SPACES.sub(" ", text))


def lines_of(text: str) -> list[str]:
    """Return the lines of ``text`` that hold something, printable, without white space at their ends.

    Only ASCII white space is taken away: a full-width space at the beginning may be meant.
    """
    return [line for raw in text.splitlines() if (line := printable(raw).strip(" "))]


def text_element(text: str) -> BaseOxmlElement:
    """Return a ``w:t`` that holds ``text`` literally."""
    made = OxmlElement("w:t")
    made.text = printable(text)
    made.set(qn("xml:space"), "preserve")
    return made
