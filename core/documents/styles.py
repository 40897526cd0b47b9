"""Every kind of text in an official document: font, size, pitch, indent (GB/T 9704-2012, 7.2 and 7.3).

A style is written twice: as a named style, so that the office can go on editing in Word or WPS, and on every
paragraph and run, because programs that lack a font or a style must still find font and size there (domain §8).
"""

from dataclasses import dataclass, replace

from core.documents.page import CHARACTER, LINE, points

FANGSONG = "仿宋_GB2312"
KAITI = "楷体_GB2312"
HEITI = "黑体"
SONG = "宋体"
TITLE_SONG = "方正小标宋简体"
STAND_INS = {FANGSONG: "仿宋", KAITI: "楷体", TITLE_SONG: "宋体"}
"""The fonts of the standard are licensed and not everywhere; these come with Windows."""
RED = "D40000"
"""The token ``--masthead`` of the design."""
CONDENSED = -5
"""In twips, 0.25 pt: with it 28 characters of 16 pt fill 156 mm, and 29 do not fit."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph and its runs are set; lengths in twips, ``size`` in points, ``scale`` in per cent."""

    key: str
    name: str
    font: str = FANGSONG
    size: float = 16
    spacing: int = CONDENSED
    colour: str = ""
    scale: int = 100
    line: int = LINE
    before: int = 0
    after: int = 0
    left: int = 0
    right: int = 0
    first: int = 0
    """Of the first line: positive indents, negative hangs."""
    align: str = "left"
    keep_next: bool = False
    page_break: bool = False
    level: int | None = None
    """In the outline, 0 to 3."""

    @property
    def first_characters(self) -> int:
        """The first line's indent in hundredths of a character, which Word goes by; 0 when it is none or hangs."""
        return round(self.first / CHARACTER) * 100 if self.first > 0 else 0


BODY = Style("OfficialBody", "公文正文", first=2 * CHARACTER, align="both")
FLUSH = Style("OfficialFlush", "公文顶格", align="both")
ADDRESSEE = replace(FLUSH, key="OfficialAddressee", name="公文主送机关", before=LINE)
HEADINGS = (
    replace(BODY, key="OfficialHeading1", name="公文一级标题", font=HEITI, keep_next=True, level=0),
    replace(BODY, key="OfficialHeading2", name="公文二级标题", font=KAITI, keep_next=True, level=1),
    replace(BODY, key="OfficialHeading3", name="公文三级标题", keep_next=True, level=2),
    replace(BODY, key="OfficialHeading4", name="公文四级标题", keep_next=True, level=3),
)
TITLE = Style(
    "OfficialTitle", "公文标题", font=TITLE_SONG, size=22, spacing=0, line=points(36), before=2 * LINE, align="center"
)
MARK = Style(
    "OfficialMark", "发文机关标志", font=TITLE_SONG, size=36, spacing=0, colour=RED, line=points(45), align="center"
)
NUMBER = Style("OfficialNumber", "发文字号", line=points(18), align="center")
NUMBER_AT_THE_RIGHT = replace(
    NUMBER, key="OfficialNumberRight", name="右上编号", align="right", right=CHARACTER, after=LINE // 2
)
ISSUE_ROW = Style("OfficialIssueRow", "简报编印行", size=14, spacing=0, line=points(18))
ATTACHMENTS = Style("OfficialAttachments", "附件说明", align="both", keep_next=True)
ISSUER = Style("OfficialIssuer", "发文机关署名", align="center", keep_next=True)
DATE = Style("OfficialDate", "成文日期", align="right", right=4 * CHARACTER)
ANNEX_LABEL = Style("OfficialAnnexLabel", "附件序号", font=HEITI, keep_next=True, page_break=True)
ANNEX_TITLE = replace(TITLE, key="OfficialAnnexTitle", name="附件标题", before=LINE, after=LINE, keep_next=True)
CAPTION = Style(
    "OfficialCaption", "表格标题", font=HEITI, size=12, spacing=0, line=points(24), align="center", keep_next=True
)
TABLE_HEAD = Style("OfficialTableHead", "表格表头", font=HEITI, size=12, spacing=0, line=points(18), align="center")
TABLE_CELL = Style("OfficialTableCell", "表格内容", size=12, spacing=0, line=points(18))
TABLE_NOTE = Style("OfficialTableNote", "表格说明", size=10.5, spacing=0, line=points(18))
COLOPHON = Style("OfficialColophon", "版记", size=14, spacing=0, line=points(24))
PAGE_NUMBER = Style("OfficialPageNumber", "页码", font=SONG, size=14, spacing=0, line=points(18))
NOTHING = Style("OfficialNothing", "占位", size=1, spacing=0, line=points(1))
"""A paragraph the format asks for where nothing shall be seen, after a table at the end."""
CLOSING = replace(BODY, key="OfficialClosing", name="表单结语", size=14, spacing=0, line=points(22))
RECEIPT = Style(
    "OfficialReceipt", "回执标题", font=HEITI, size=14, spacing=0, line=points(22), align="center", keep_next=True
)
RULE = Style("OfficialRule", "版记分隔线", size=1, spacing=0, line=points(2))

STYLES = (
    BODY,
    FLUSH,
    ADDRESSEE,
    *HEADINGS,
    TITLE,
    MARK,
    NUMBER,
    NUMBER_AT_THE_RIGHT,
    ISSUE_ROW,
    ATTACHMENTS,
    ISSUER,
    DATE,
    ANNEX_LABEL,
    ANNEX_TITLE,
    CAPTION,
    TABLE_HEAD,
    TABLE_CELL,
    TABLE_NOTE,
    COLOPHON,
    PAGE_NUMBER,
    NOTHING,
    CLOSING,
    RECEIPT,
    RULE,
)
