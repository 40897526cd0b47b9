"""The types a column may have: what a cell of it means, what is an error, what only a warning.

A field type is immutable and shared by all rows. ``parse`` gets the raw value of a cell and returns
:class:`Parsed`, or raises :class:`CellError`. Values: text ``str``; moments aware ``datetime`` in
Asia/Shanghai; departments a list of codes; flags ``bool``; figures ``Decimal``. "No value" is ``None``.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from core.spreadsheets.cells import NO_VALUE, as_text, normalised, whole_digits, without_whitespace
from core.spreadsheets.dates import Written, read_date

SHANGHAI = ZoneInfo("Asia/Shanghai")


class CellError(ValueError):
    """A cell cannot be read: a stable ``code``, a Chinese sentence, and the ``value`` to show if not the cell's own."""

    def __init__(self, code: str, message: str, value: str | None = None):
        super().__init__(message)
        self.code = code
        self.message = message
        self.value = value


@dataclass(frozen=True, slots=True)
class Parsed:
    """A cell's meaning; ``warning`` is (code, sentence); ``has_time`` says whether a date was written with a time."""

    value: Any
    warning: tuple[str, str] | None = None
    has_time: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """What the reading of a cell depends on besides the cell: file type and date system."""

    is_csv: bool = False
    epoch_1904: bool = False


NOTHING = Parsed(None)


class FieldType:
    """The base: handles "no value"; subclasses override ``read``."""

    words_for_nothing: frozenset[str] = frozenset()

    def parse(self, value: object, source: Source) -> Parsed:
        """Return what the cell means; raises ``CellError`` when it means nothing it may mean."""
        text = as_text(value)
        if self._is_nothing(text):
            return NOTHING
        text = self.prepare(text, source)
        return NOTHING if self._is_nothing(text) else self.read(value, text, source)

    def _is_nothing(self, text: str) -> bool:
        return text in NO_VALUE or text in self.words_for_nothing

    def prepare(self, text: str, source: Source) -> str:
        """Return ``text`` as every column but free text is compared: NFKC, exporters' quoting undone."""
        return normalised(text, csv=source.is_csv)

    def read(self, value: object, text: str, source: Source) -> Parsed:
        """Return the meaning of a cell that is not empty; ``text`` is prepared, ``value`` as the file has it."""
        return Parsed(text)


class Text(FieldType):
    """One line of text, normalised; at most ``longest`` characters."""

    def __init__(self, longest: int | None = None):
        self.longest = longest

    def read(self, value: object, text: str, source: Source) -> Parsed:
        if self.longest is not None and len(text) > self.longest:
            raise CellError("too_long", f"最多 {self.longest} 个字，现有 {len(text)} 个字")
        return Parsed(text)


class Multiline(Text):
    """Free text: kept as written but for invisible characters and outer blanks."""

    def prepare(self, text: str, source: Source) -> str:
        return text


class NumberId(FieldType):
    """A number that is a name (order number, code): digits must not have passed through a float."""

    _POINT_ZERO = re.compile(r"(\d+)\.0+", re.ASCII)
    _SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?e[+-]?\d+", re.ASCII | re.IGNORECASE)

    def read(self, value: object, text: str, source: Source) -> Parsed:
        if isinstance(value, int | float) and not isinstance(value, bool):
            if (digits := whole_digits(value)) is None:
                raise _number_as_float()
            return Parsed(digits)
        text = without_whitespace(text)
        if self._SCIENTIFIC.fullmatch(text):
            raise _number_as_float()
        match = self._POINT_ZERO.fullmatch(text)
        return Parsed(match[1] if match else text)


def _number_as_float() -> CellError:
    return CellError("number_as_float", "编号被存成了数值，末几位可能已丢失。请把该列设为文本格式后重新填写")


class DateTime(FieldType):
    """A moment; without a time it is 00:00."""

    words_for_nothing = frozenset({"未办结"})

    def read(self, value: object, text: str, source: Source) -> Parsed:
        written = read_date(text if isinstance(value, str) else value, epoch_1904=source.epoch_1904)
        if written is None:
            raise CellError("invalid_date", "日期无法识别，请写成 2026-03-05 或 2026-03-05 09:30")
        return Parsed(self.meaning(written), has_time=written.has_time)

    def meaning(self, written: Written) -> Any:
        """Return the aware moment a written date means."""
        return written.moment().replace(tzinfo=SHANGHAI)


class DueDateTime(DateTime):
    """A limit: without a time, at 00:00 or at 24:00 it is the last second of the written day."""

    def meaning(self, written: Written) -> dt.datetime:
        return written.due_moment().replace(tzinfo=SHANGHAI)


class Date(DateTime):
    """A day (``date``); a written time is ignored."""

    def meaning(self, written: Written) -> dt.date:
        return written.day


class Person(FieldType):
    """A name; blanks inside Chinese names are layout, not spelling."""

    _CHINESE = re.compile(r"[\u3400-\u9fff]")

    def read(self, value: object, text: str, source: Source) -> Parsed:
        return Parsed(without_whitespace(text) if self._CHINESE.search(text) else text)


class Phones(FieldType):
    """One or more telephone numbers, joined by ``;``. Numbers that cannot be dialled are kept, with a warning."""

    _SEPARATORS = re.compile(r"[、,;/|\n]")
    _NOISE = re.compile(r"[\s\-+()\[\]{}【】〔〕]")
    _COUNTRY_CODE = re.compile(r"86(1[3-9]\d{9})", re.ASCII)
    _VALID = re.compile(r"1[3-9]\d{9}|0\d{9,11}|[2-9]\d{6,7}|400\d{7}", re.ASCII)

    def read(self, value: object, text: str, source: Source) -> Parsed:
        text = re.sub(r"(\d)\.0\Z", r"\1", text)
        parts = [self._bare(part) for part in self._SEPARATORS.split(text)]
        parts = [part for part in parts if part]
        if not parts:
            return NOTHING
        good = all(self._VALID.fullmatch(part) for part in parts)
        return Parsed(";".join(parts), None if good else ("invalid_phone", "电话号码不完整或不是号码，已按原样保留"))

    def _bare(self, part: str) -> str:
        part = self._NOISE.sub("", part)
        match = self._COUNTRY_CODE.fullmatch(part)
        return match[1] if match else part


class DepartmentNames:
    """The department list as it is looked up: by name, short name and aliases, then by the user's mapping.

    Args:
        departments: (code, names) in official order; of two departments with one name the first wins.
        mapping: names the user has mapped to a code.
    """

    def __init__(self, departments: Iterable[tuple[str, Iterable[str]]], mapping: Mapping[str, str] | None = None):
        self._codes: dict[str, str] = {}
        for code, names in departments:
            for name in names:
                self._codes.setdefault(department_key(name), code)
        self._mapped = {department_key(name): code for name, code in (mapping or {}).items()}
        self._codes.pop("", None)

    def code(self, name: str) -> str | None:
        """Return the code of the department called ``name`` in a file, ``None`` when nobody is."""
        key = department_key(name)
        return self._codes.get(key) or self._mapped.get(key)


def department_key(name: str) -> str:
    """Return ``name`` as names are compared: no white space, no leading 驻马店市, 西平县 / 西平, 县."""
    key = without_whitespace(normalised(name)).removeprefix("驻马店市")
    key = key.removeprefix("西平县") if key.startswith("西平县") else key.removeprefix("西平")
    return key.removeprefix("县")


class Departments(FieldType):
    """One or more departments, as a list of codes in the order written, each once."""

    words_for_nothing = frozenset({"待派单", "待定", "待分配"})
    _SEPARATORS = re.compile(r"[、,;/\n]")

    def __init__(self, names: DepartmentNames):
        self.names = names

    def read(self, value: object, text: str, source: Source) -> Parsed:
        written = [part for part in map(without_whitespace, self._SEPARATORS.split(text)) if part]
        codes = {name: self.names.code(name) for name in written}
        if unknown := [name for name, code in codes.items() if code is None]:
            listed = "、".join(unknown)
            raise CellError("unknown_department", f"单位名录中没有“{listed}”，请改正或指定对应的单位", listed)
        return Parsed(list(dict.fromkeys(codes.values())) or None)


class Choice(FieldType):
    """One of a few words, each with the other words that mean it.

    Args:
        groups: value → words for it; the words a person reads in the template come first.
        unknown: code given to any other word.
        strict: whether an unknown word is an error; otherwise it is a warning and no value.
        label: what the column holds, for the sentence.
    """

    def __init__(
        self, groups: Mapping[Any, Iterable[str]], *, label: str, unknown: str = "unknown_choice", strict=True
    ):
        self.groups = {value: tuple(words) for value, words in groups.items()}
        self._values = {word: value for value, words in self.groups.items() for word in words}
        self.label, self.unknown, self.strict = label, unknown, strict

    @property
    def options(self) -> list[str]:
        """The words offered in the template's drop-down: the first of each group."""
        return [words[0] for words in self.groups.values()]

    def read(self, value: object, text: str, source: Source) -> Parsed:
        key = without_whitespace(text)
        if key in self._values:
            return Parsed(self._values[key])
        if self.strict:
            raise CellError(self.unknown, f"{self.label}只能填：{'、'.join(self.options)}")
        return Parsed(None, (self.unknown, f"{self.label}“{text}”无法识别，已留空"))


SATISFACTION = Choice(
    {
        "满意": ("满意", "非常满意", "很满意"),
        "基本满意": ("基本满意", "一般", "较满意"),
        "不满意": ("不满意", "非常不满意", "很不满意"),
        "未评价": ("未评价", "未回访"),
        "无法联系": ("无法联系", "联系不上", "无人接听", "空号", "停机", "拒访"),
    },
    label="满意度",
    unknown="unknown_satisfaction",
    strict=False,
)


class Flag(FieldType):
    """Yes or no; whatever is not a yes is a no, a blank cell too (``False``)."""

    options = ("是", "否")

    def __init__(self, *further_words_for_yes: str):
        self._yes = {"是", "y", "yes", "√", "1", "true", *further_words_for_yes}

    def parse(self, value: object, source: Source) -> Parsed:
        return Parsed(self.prepare(as_text(value), source).lower() in self._yes)


class Figure(FieldType):
    """A number as ``Decimal``; full-width digits and thousands separators are taken, a trailing ``%`` too.

    Args:
        decimals: most decimal places taken; a spreadsheet's own numbers are rounded to them when
            nothing but binary noise is lost.
    """

    _NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?", re.ASCII)

    def __init__(self, decimals: int = 4):
        self.decimals = decimals

    def read(self, value: object, text: str, source: Source) -> Parsed:
        number = self._exact(value) if isinstance(value, int | float) else self._from_text(text)
        if number is None:
            raise CellError("invalid_number", "应填数字，如 6 或 6.5，不带单位")
        exponent = number.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.decimals:
            raise CellError("too_many_decimals", f"最多 {self.decimals} 位小数")
        return Parsed(number)

    def _exact(self, value: float) -> Decimal | None:
        """Return a number cell's value as typed: 15 significant digits are what a spreadsheet keeps."""
        number = Decimal(f"{value:.15g}") if not isinstance(value, bool) else None
        return number if number is not None and number.is_finite() else None

    def _from_text(self, text: str) -> Decimal | None:
        text = without_whitespace(text).removesuffix("%")
        if not self._NUMBER.fullmatch(text):
            return None
        try:
            return Decimal(text.replace(",", ""))
        except InvalidOperation:
            return None


class WholeNumber(Figure):
    """A whole number as ``int``, within ``least`` and ``most`` when given."""

    def __init__(self, least: int | None = None, most: int | None = None):
        super().__init__(decimals=0)
        self.least, self.most = least, most

    def read(self, value: object, text: str, source: Source) -> Parsed:
        number = int(super().read(value, text, source).value)
        if (self.least is not None and number < self.least) or (self.most is not None and number > self.most):
            raise CellError("out_of_range", f"应在 {self.least} 到 {self.most} 之间")
        return Parsed(number)
