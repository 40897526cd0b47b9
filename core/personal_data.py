"""Personal data in a text that others will read: mobile, identity, telephone and plate numbers (domain §6, §8)."""

import re
import unicodedata
from dataclasses import dataclass

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_LETTERS = "A-HJ-NP-Z"
_GAP = "[ \u00b7\u2010-\u2015-]?"
"""People part long numbers with a space, a point or a dash."""

MOBILE, IDENTITY, PLATE, TELEPHONE = "手机号", "身份证号", "车牌号", "电话号码"

_PATTERNS = (
    (
        IDENTITY,
        re.compile(
            rf"(?<!\d)[1-8]\d{{5}}{_GAP}(?:19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){_GAP}\d{{3}}[\dX](?![\dA-Z])"
        ),
    ),
    (MOBILE, re.compile(rf"(?<!\d)(?:\+?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)")),
    (
        PLATE,
        re.compile(
            rf"[{_PROVINCES}][{_LETTERS}]{_GAP}(?=[{_LETTERS}]*\d)[{_LETTERS}\d]{{4}}[{_LETTERS}\d挂学警港澳][{_LETTERS}\d]?(?![A-Z\d])"
        ),
    ),
    (TELEPHONE, re.compile(r"(?<!\d)(?:\(0\d{2,3}\)|0\d{2,3}[ \u2010-\u2015-]?)\d{7,8}(?!\d)")),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One number found: its kind, where it begins and ends in the text, and itself with its middle hidden."""

    kind: str
    start: int
    end: int
    masked: str

    @property
    def blocks(self) -> bool:
        """Whether it may stand nowhere: a telephone may be that of an office, the others are a person's."""
        return self.kind != TELEPHONE

    @property
    def sentence(self) -> str:
        """What the user reads."""
        if self.blocks:
            return f"文中有{self.kind}“{self.masked}”，删去后才能审核和签发"
        return f"文中有{self.kind}“{self.masked}”，请确认是办公电话"


def find_personal_data(text: str) -> list[Finding]:
    """Return the numbers in ``text`` by their place; full-width figures and small letters count as the usual ones.

    A stretch counts once, as the first kind that fits: identity, mobile, plate, telephone.
    """
    plain = "".join(_plain(letter) for letter in text)
    taken: list[tuple[int, int]] = []
    findings = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            start, end = match.span()
            if all(end <= left or start >= right for left, right in taken):
                taken.append((start, end))
                findings.append(Finding(kind, start, end, _masked(match[0])))
    return sorted(findings, key=lambda finding: finding.start)


def holds_personal_data(text: str) -> bool:
    """Return whether ``text`` holds a mobile, identity or plate number."""
    return any(finding.blocks for finding in find_personal_data(text))


def without_personal_data(text: str, mask: str) -> str:
    """Return ``text`` with every mobile, identity and plate number replaced by ``mask``."""
    for finding in reversed(find_personal_data(text)):
        if finding.blocks:
            text = text[: finding.start] + mask + text[finding.end :]
    return text


def _plain(letter: str) -> str:
    """Return the one character that ``letter`` stands for, so that places stay the same."""
    usual = unicodedata.normalize("NFKC", letter).upper()
    return usual if len(usual) == 1 else letter


def _masked(number: str) -> str:
    return number[:3] + "*" * (len(number) - 5) + number[-2:]
